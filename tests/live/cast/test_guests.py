"""A guest comes in by a link, and is in the picture only while the staff want it."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.live.cast.support import CALLING, SDP, hire, said, show_of
from tests.support import NOW
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id
from xinbo.live import cast, shows
from xinbo.live.cast import (
    AssignSeat,
    GuestAnswer,
    GuestLinkRefused,
    GuestMove,
    GuestMoveRefused,
    GuestNotFound,
    GuestOffer,
    GuestState,
    HandShow,
    InviteGuest,
    RoundOver,
    SeatKind,
    ShowGuest,
    TooManyGuests,
)
from xinbo.live.cast._rules import MOVES, moved, read_guest, sign_guest

pytestmark = pytest.mark.anyio

KEY, ICE = CALLING.key, CALLING.ice_servers


def nobody(tx: Tx) -> Tx:
    return tx.acting(Actor(NIL, Role.GUEST))


async def invited(tx: Tx, show_id: UUID) -> ShowGuest:
    return await cast.invite(tx, show_id, InviteGuest(name="小李"), KEY)


async def step(tx: Tx, show_id: UUID, guest: ShowGuest, move: GuestMove) -> ShowGuest:
    return await cast.move(tx, show_id, guest.id, move, KEY)


async def on_air(tx: Tx, show_id: UUID) -> ShowGuest:
    """Bring a guest all the way into the picture."""
    guest = await invited(tx, show_id)
    await cast.ask(nobody(tx), guest.token, KEY, ICE)
    await step(tx, show_id, guest, "admit")
    seat = await cast.look(nobody(tx), guest.token, KEY, ICE)
    await cast.offer(nobody(tx), guest.token, GuestOffer(sdp=SDP, round=seat.round), KEY, ICE)
    await cast.answer(tx, show_id, guest.id, GuestAnswer(sdp=SDP, round=seat.round), KEY)
    return await step(tx, show_id, guest, "connected")


async def test_a_guest_asks_is_let_in_and_connects(tx: Tx) -> None:
    show_id = await show_of(tx)
    guest = await invited(tx, show_id)
    seat = await cast.look(nobody(tx), guest.token, KEY, ICE)
    assert (seat.state, seat.show_title, seat.name) == (GuestState.INVITED, "初秋专场", "小李")
    assert seat.ice_servers == ["stun:stun.example:3478"]
    with pytest.raises(GuestMoveRefused):
        await cast.offer(nobody(tx), guest.token, GuestOffer(sdp=SDP, round=1), KEY, ICE)
    seat = await cast.ask(nobody(tx), guest.token, KEY, ICE)
    assert seat.state is GuestState.ASKING
    await step(tx, show_id, guest, "admit")
    seat = await cast.look(nobody(tx), guest.token, KEY, ICE)
    assert seat.state is GuestState.ADMITTED
    with pytest.raises(RoundOver):
        await cast.offer(
            nobody(tx), guest.token, GuestOffer(sdp=SDP, round=seat.round + 1), KEY, ICE
        )
    await cast.offer(nobody(tx), guest.token, GuestOffer(sdp=SDP, round=seat.round), KEY, ICE)
    found = (await cast.get(tx, show_id, CALLING)).guests[0]
    assert (found.offer, found.answered, found.round) == (SDP, False, seat.round)
    answer = GuestAnswer(sdp=SDP + "a=x", round=found.round)
    await cast.answer(tx, show_id, guest.id, answer, KEY)
    with pytest.raises(RoundOver):
        await cast.answer(tx, show_id, guest.id, answer, KEY)
    seat = await cast.look(nobody(tx), guest.token, KEY, ICE)
    assert seat.answer == SDP + "a=x"
    assert (await step(tx, show_id, guest, "connected")).state is GuestState.ON_AIR
    assert [one["guestId"] for one in await said(tx, "cast.guest_came")] == [str(guest.id)]


async def test_one_click_removes_a_guest_and_kills_the_link(tx: Tx) -> None:
    show_id = await show_of(tx)
    guest = await on_air(tx, show_id)
    gone = await step(tx, show_id, guest, "remove")
    assert (gone.state, gone.offer, gone.answered) == (GuestState.REMOVED, None, False)
    for again in (cast.look, cast.ask, cast.guest_here, cast.leave):
        with pytest.raises(GuestLinkRefused):
            await again(nobody(tx), guest.token, KEY, ICE)
    assert [one["removed"] for one in await said(tx, "cast.guest_went")] == [True]
    with pytest.raises(GuestMoveRefused):
        await step(tx, show_id, guest, "admit")


async def test_a_guest_who_left_may_ask_again(tx: Tx) -> None:
    show_id = await show_of(tx)
    guest = await on_air(tx, show_id)
    left = await cast.leave(nobody(tx), guest.token, KEY, ICE)
    assert left.state is GuestState.LEFT
    assert [one["removed"] for one in await said(tx, "cast.guest_went")] == [False]
    assert (await cast.ask(nobody(tx), guest.token, KEY, ICE)).state is GuestState.ASKING
    with pytest.raises(GuestMoveRefused):
        await cast.offer(
            nobody(tx), guest.token, GuestOffer(sdp=SDP, round=left.round + 1), KEY, ICE
        )


async def test_a_guest_page_that_is_opened_again_connects_anew(tx: Tx) -> None:
    show_id = await show_of(tx)
    guest = await on_air(tx, show_id)
    other = SDP + "s=again"
    seat = await cast.offer(
        nobody(tx), guest.token, GuestOffer(sdp=other, round=guest.round), KEY, ICE
    )
    found = (await cast.get(tx, show_id, CALLING)).guests[0]
    assert (seat.round, found.state) == (guest.round + 1, GuestState.ADMITTED)
    assert (found.offer, found.answered) == (other, False)


async def test_guests_go_with_the_show_to_the_new_host(tx: Tx) -> None:
    show_id = await show_of(tx)
    guest = await on_air(tx, show_id)
    second = await hire(tx, "林夏")
    command = AssignSeat(user_id=second, kind=SeatKind.BACKUP_HOST)
    await cast.assign(tx, show_id, command, CALLING)
    found = await cast.hand_over(tx, show_id, HandShow(to_user=second), CALLING)
    assert (found.guests[0].round, found.guests[0].offer) == (guest.round + 1, None)
    assert (await cast.look(nobody(tx), guest.token, KEY, ICE)).round == guest.round + 1


async def test_a_link_is_dead_when_it_is_old_or_the_show_is_over(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
        guest = await invited(tx, show_id)
    async with database.begin(Actor(NIL, Role.GUEST), NOW + timedelta(hours=13)) as tx:
        with pytest.raises(GuestLinkRefused):
            await cast.look(tx, guest.token, KEY, ICE)
    async with database.begin(owner, NOW) as tx:
        await shows.end(tx, show_id)
        with pytest.raises(GuestLinkRefused):
            await cast.look(nobody(tx), guest.token, KEY, ICE)


async def test_whether_a_guests_page_is_open_is_seen(database: Database, owner: Actor) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
        guest = await invited(tx, show_id)
    async with database.begin(Actor(NIL, Role.GUEST), NOW) as tx:
        await cast.guest_here(tx, guest.token, KEY, ICE)
    for later, there in ((10, True), (16, False)):
        async with database.begin(owner, NOW + timedelta(seconds=later)) as tx:
            assert (await cast.get(tx, show_id, CALLING)).guests[0].present is there


async def test_a_show_has_twenty_open_links_at_most(tx: Tx) -> None:
    show_id = await show_of(tx)
    guests = [await invited(tx, show_id) for _ in range(20)]
    with pytest.raises(TooManyGuests):
        await invited(tx, show_id)
    await step(tx, show_id, guests[0], "remove")
    await invited(tx, show_id)


async def test_only_those_who_run_shows_let_guests_in(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
        guest = await invited(tx, show_id)
        await cast.ask(nobody(tx), guest.token, KEY, ICE)
    async with database.begin(Actor(owner.merchant_id, Role.SERVICE, new_id()), NOW) as tx:
        with pytest.raises(NotPermitted):
            await step(tx, show_id, guest, "admit")
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id()), NOW) as tx:
        with pytest.raises(GuestNotFound):
            await step(tx, show_id, guest, "admit")


@given(st.text(max_size=120))
def test_no_made_up_link_opens_a_show(token: str) -> None:
    assert read_guest(KEY, token, NOW) is None


@given(st.uuids(), st.integers(0, 55))
def test_a_link_with_one_letter_changed_opens_nothing(guest_id: UUID, at: int) -> None:
    token = sign_guest(KEY, guest_id, NOW + timedelta(hours=1))
    assert len(token) == 56
    assert read_guest(KEY, token, NOW) == guest_id
    other = "A" if token[at] != "A" else "B"
    assert read_guest(KEY, token[:at] + other + token[at + 1 :], NOW) is None


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=12))
def test_nobody_is_on_air_who_was_not_let_in_since_they_last_came(moves: list[str]) -> None:
    state, admitted = "invited", False
    for move in moves:
        after = moved(state, move)
        if after is None:
            continue
        admitted = {"admit": True, "leave": False, "remove": False, "ask": False}.get(
            move, admitted
        )
        assert after != "on_air" or admitted
        assert state != "removed" or after == "removed"
        state = after
