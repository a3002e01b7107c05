"""Tickets, origins and allowances."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinbo.live.edge import RoomRole, TicketRefused
from xinbo.live.edge._rules import (
    CONNECT_WITHIN,
    Bucket,
    Claims,
    author_mark,
    counted,
    guest_name,
    masked,
    origin_allowed,
    read,
    sign,
    viewer_mark,
)

unhurried = settings(deadline=None)
KEY = b"k" * 32
NAMED = frozenset({"https://named.example"})
NOW = 1_700_000_000
CLAIMS = Claims(
    show_id=uuid4(),
    merchant_id=uuid4(),
    viewer_id=uuid4(),
    name="小雨",
    role=RoomRole.SHOPPER,
    issued=NOW,
)

claims_of_any_kind = st.builds(
    Claims,
    show_id=st.uuids(),
    merchant_id=st.uuids(),
    viewer_id=st.uuids(),
    name=st.text(max_size=40),
    role=st.sampled_from(RoomRole),
    issued=st.integers(0, 2**40),
    simulated=st.booleans(),
)


def refusal(token: str, now: float = NOW, show_id: UUID | None = None) -> object:
    with pytest.raises(TicketRefused) as refused:
        read(token, KEY, now, show_id)
    return refused.value.facts["reason"]


@unhurried
@given(claims_of_any_kind)
def test_a_ticket_says_what_was_signed(claims: Claims) -> None:
    token = sign(claims, KEY)
    assert read(token, KEY, claims.issued) == claims
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@unhurried
@given(claims_of_any_kind, st.integers(0), st.integers(0, 5))
def test_a_ticket_with_one_bit_changed_is_refused(claims: Claims, at: int, bit: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = sign(claims, KEY)
    # The last character holds bits that stand for nothing.
    at %= len(token) - 1
    other = alphabet[alphabet.index(token[at]) ^ 1 << bit]
    with pytest.raises(TicketRefused):
        read(token[:at] + other + token[at + 1 :], KEY, claims.issued)


@unhurried
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.hex()))
def test_what_is_no_ticket_is_refused_and_nothing_worse(text: str) -> None:
    with pytest.raises(TicketRefused):
        read(text, KEY, NOW)


def test_a_ticket_opens_sockets_for_a_minute_and_only_ours_and_only_its_own_room() -> None:
    token = sign(CLAIMS, KEY)
    assert read(token, KEY, NOW + CONNECT_WITHIN, CLAIMS.show_id) == CLAIMS
    assert refusal(token, NOW + CONNECT_WITHIN + 1) == "expired"
    assert refusal(token, NOW - CONNECT_WITHIN - 1) == "expired"
    assert refusal(sign(CLAIMS, b"other" * 8)) == "forged"
    assert refusal(token, show_id=uuid4()) == "otherRoom"
    assert refusal("A" * 3000) == "forged"


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "shop.example:8100"),
        ("http://shop.example:8000", "shop.example:8100"),
        ("http://SHOP.example", "shop.example:8100"),
        ("http://[::1]:8000", "[::1]:8100"),
        ("https://named.example", "edge.example"),
    ],
)
def test_pages_of_the_same_host_and_named_ones_may_connect(origin: str | None, host: str) -> None:
    assert origin_allowed(origin, host, NAMED)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://named.example.evil", "edge.example"),
        ("http://evil.example", "shop.example:8100"),
        ("http://shop.example.evil", "shop.example"),
        ("null", "shop.example"),
        ("null", "null"),
        ("http://[broken", "shop.example"),
        ("", ""),
        ("http://shop.example", None),
    ],
)
def test_pages_of_other_sites_may_not(origin: str, host: str | None) -> None:
    assert not origin_allowed(origin, host, NAMED)


@unhurried
@given(st.floats(0.1, 50), st.integers(1, 20), st.lists(st.floats(0, 3), max_size=60))
def test_a_bucket_never_gives_more_than_its_burst_and_its_rate(
    rate: float, burst: int, pauses: list[float]
) -> None:
    bucket, now, taken = Bucket(rate, burst), 1000.0, 0
    for pause in pauses:
        now += pause
        taken += bucket.take(now)
        assert taken <= burst + (now - 1000) * rate + 1e-6


def test_a_bucket_gives_its_burst_at_once_and_says_how_long_to_wait() -> None:
    bucket = Bucket(1 / 1.5, 3)
    assert [bucket.take(1000) for _ in range(4)] == [True, True, True, False]
    assert bucket.wait(1000) == pytest.approx(1.5)
    assert bucket.take(1001.6)
    assert not bucket.take(1001.6)


@unhurried
@given(st.uuids(), st.uuids())
def test_marks_are_stable_and_say_who_is_simulated(show: UUID, viewer: UUID) -> None:
    real, simulated = (viewer_mark(show, viewer, simulated=flag) for flag in (False, True))
    assert (real & 1, simulated & 1) == (0, 1)
    assert 0 <= real < 2**64
    assert real == viewer_mark(show, viewer, simulated=False)
    assert author_mark(show, viewer) == author_mark(show, viewer) != author_mark(viewer, viewer)


def test_names_give_nobody_away() -> None:
    assert masked("王小明") == "王**"
    assert masked("") == ""
    viewer = uuid4()
    assert guest_name(viewer) == guest_name(viewer)
    assert guest_name(viewer).startswith("游客 ")


def test_sockets_are_counted_for_public_addresses_only() -> None:
    assert counted("8.8.8.8")
    assert counted("2001:4860:4860::8888")
    assert not any(map(counted, ("127.0.0.1", "::1", "10.0.0.3", "192.168.1.4", "")))
