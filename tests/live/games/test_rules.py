"""Chance is even, packets add up, lists have one order, answers are read strictly."""

import hashlib
import hmac
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.live.games._rules import draw, packets, receipts
from xinbo.live.games._rules.answers import bounty, fits, holds, streak
from xinbo.live.games._rules.draw import Line
from xinbo.live.games._rules.kinds import EntryBy, GameKind
from xinbo.live.games._rules.terms import LANGUAGES, Stated, sentences

SEEDS = st.binary(min_size=32, max_size=32)
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
LINES = st.lists(
    st.builds(
        Line,
        entry=st.integers(0, 2**64).map(lambda n: hashlib.sha256(str(n).encode()).hexdigest()),
        nonce=st.sampled_from(["", "0" * 32, "f" * 32]),
        answer=st.integers(0, 20_000).map(str),
    ),
    max_size=40,
    unique_by=lambda line: line.entry,
)
DRAWS = 100_000
CRITICAL_99 = 148.23
"""Chi-square with 99 degrees of freedom, upper 0.1 % (NIST/SEMATECH handbook, 1.3.6.7.4)."""
CRITICAL_9 = 27.877
"""The same with 9 degrees of freedom."""


def seed_of(number: int) -> bytes:
    return hashlib.sha256(f"test {number}".encode()).digest()


def chi_square(seen: Counter[int], cells: int, draws: int) -> float:
    expected = draws / cells
    return sum((seen[cell] - expected) ** 2 / expected for cell in range(cells))


def test_a_hundred_thousand_draws_favour_nobody() -> None:
    """Each of 100 entrants wins as often as chance lets them, at 0.1 %."""
    hashed = "ab" * 32
    first = Counter(draw.shuffled(100, 1, seed_of(n), hashed)[0] for n in range(DRAWS))
    assert chi_square(first, 100, DRAWS) < CRITICAL_99


def test_every_prize_of_a_hundred_thousand_draws_favours_nobody() -> None:
    """The second and the third prize are as even as the first."""
    hashed = "cd" * 32
    places = [Counter[int](), Counter[int](), Counter[int]()]
    for number in range(DRAWS):
        for place, winner in enumerate(draw.shuffled(10, 3, seed_of(number), hashed)):
            places[place][winner] += 1
    assert all(chi_square(seen, 10, DRAWS) < CRITICAL_9 for seen in places)


def test_the_test_of_fairness_sees_a_biased_draw() -> None:
    """A remainder without rejection, over few words, fails the same test."""
    biased = Counter(
        int.from_bytes(hashlib.sha256(str(n).encode()).digest()[:1]) % 100 for n in range(DRAWS)
    )
    assert chi_square(biased, 100, DRAWS) > CRITICAL_99


@given(seed=SEEDS, hashed=HASHES, count=st.integers(0, 200), most=st.integers(0, 250))
def test_nobody_is_drawn_twice_and_as_many_as_there_are(
    seed: bytes, hashed: str, count: int, most: int
) -> None:
    drawn = draw.shuffled(count, most, seed, hashed)
    assert len(drawn) == min(count, most) == len(set(drawn))
    assert all(0 <= place < count for place in drawn)


@given(seed=SEEDS, hashed=HASHES, count=st.integers(1, 60), most=st.integers(1, 60))
def test_fewer_prizes_name_the_same_first_winners(
    seed: bytes, hashed: str, count: int, most: int
) -> None:
    whole = draw.shuffled(count, count, seed, hashed)
    assert whole[:most] == draw.shuffled(count, most, seed, hashed)


def test_words_are_the_published_construction() -> None:
    """HMAC-SHA256(seed, list hash ‖ 64-bit counter), cut in four: written out once more."""
    seed, hashed = bytes(range(32)), "11" * 32
    blocks = [
        hmac.new(seed, bytes.fromhex(hashed) + bytes(7) + bytes([n]), hashlib.sha256).digest()
        for n in range(2)
    ]
    expected = [
        int.from_bytes(block[at : at + 8], "big") for block in blocks for at in range(0, 32, 8)
    ]
    assert list(islice(draw.words(seed, hashed), 8)) == expected


def test_words_of_the_uneven_rest_are_refused() -> None:
    """2^64 is no multiple of 10: its last six words would favour 0 to 5."""
    assert draw.below(10, iter([draw.WORD - 1, draw.WORD - 6, 17])) == 7
    assert draw.below(10, iter([draw.WORD - 7])) == 9


@given(lines=LINES, seed=SEEDS, prizes=st.integers(0, 10))
def test_the_result_depends_on_the_list_not_on_the_order_it_came_in(
    lines: list[Line], seed: bytes, prizes: int
) -> None:
    one, other = draw.listed(lines), draw.listed(list(reversed(lines)))
    hashed = draw.list_hash("run", one)
    assert (one, hashed) == (other, draw.list_hash("run", other))
    assert len(draw.winners("lottery", "", one, prizes, seed, hashed)) == min(prizes, len(lines))


@given(lines=LINES, index=st.integers(0, 39))
def test_one_line_dropped_or_changed_makes_another_hash(lines: list[Line], index: int) -> None:
    whole = draw.listed(lines)
    if not whole:
        return
    place = index % len(whole)
    dropped = whole[:place] + whole[place + 1 :]
    changed = [*dropped, Line(whole[place].entry, whole[place].nonce, whole[place].answer + "0")]
    before = draw.list_hash("run", whole)
    assert before != draw.list_hash("run", dropped)
    assert before != draw.list_hash("run", draw.listed(changed))
    assert before != draw.list_hash("another", whole)


@given(lines=LINES, seed=SEEDS, price=st.integers(0, 20_000), prizes=st.integers(1, 5))
def test_the_closest_guesses_win(lines: list[Line], seed: bytes, price: int, prizes: int) -> None:
    hashed = draw.list_hash("run", lines)
    won = draw.winners("guess", str(price), lines, prizes, seed, hashed)
    gaps = sorted(abs(int(line.answer) - price) for line in lines)
    assert [abs(int(lines[place].answer) - price) for place in won] == gaps[:prizes]


@given(lines=LINES, seed=SEEDS)
def test_only_who_has_everything_right_is_in_the_draw_of_a_quiz(
    lines: list[Line], seed: bytes
) -> None:
    right = lines[0].answer if lines else "0"
    won = draw.winners("quiz", right, lines, 40, seed, draw.list_hash("run", lines))
    assert {lines[place].answer for place in won} <= {right}
    assert len(won) == sum(line.answer == right for line in lines)


@given(seed=SEEDS, count=st.integers(1, 300), extra=st.integers(0, 50_000))
def test_packets_sum_to_the_budget_exactly_and_none_is_empty(
    seed: bytes, count: int, extra: int
) -> None:
    cut = packets.split(count + extra, count, seed, "run")
    assert len(cut) == count
    assert sum(cut) == count + extra
    assert min(cut) >= 1


def test_the_first_packet_holds_as_much_as_the_last_on_average() -> None:
    """Twice the mean: coming early is no advantage."""
    cuts = [packets.split(1_000, 10, seed_of(number), "run") for number in range(4_000)]
    means = [sum(cut[place] for cut in cuts) / len(cuts) for place in range(10)]
    assert all(abs(mean - 100) < 5 for mean in means)


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_receipt_fits_what_was_signed_and_nothing_else(entry: str, other: str) -> None:
    key = receipts.new_key()
    signature = receipts.sign(key, "run", entry, "", "1")
    public = receipts.public(key)
    assert receipts.genuine(public, signature, ("run", entry, "", "1"))
    assert receipts.genuine(public, signature, ("run", other, "", "1")) == (other == entry)
    assert not receipts.genuine(receipts.public(receipts.new_key()), signature, ("run", "", "", ""))
    assert not receipts.genuine(public, "not hex", ("run", entry, "", "1"))


@pytest.mark.parametrize(
    ("kind", "answer", "options", "fine"),
    [
        (GameKind.POLL, "1", [2], True),
        (GameKind.POLL, "2", [2], False),
        (GameKind.QUIZ, "1,0", [2, 3], True),
        (GameKind.QUIZ, "1", [2, 3], False),
        (GameKind.QUIZ, "01,0", [2, 3], False),
        (GameKind.GUESS, "12900", [], True),
        (GameKind.GUESS, "", [], False),
        (GameKind.GUESS, "99999999999", [], False),
        (GameKind.LOTTERY, "", [], True),
        (GameKind.LOTTERY, "1", [], False),
        (GameKind.POLL, "\u0661", [2], False),
    ],
)
def test_answers_are_read_strictly(
    kind: GameKind, answer: str, options: list[int], *, fine: bool
) -> None:
    assert fits(kind, answer, options) is fine


def test_a_comment_holds_the_keyword_however_it_is_spaced() -> None:
    assert holds("我要 抽 奖!", "抽奖")
    assert holds("GO GO", "gogo")
    assert not holds("抽", "抽奖")
    assert holds("anything", "")


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(1, 500), st.integers(0, 9))
def test_a_streak_grows_by_days_in_a_row_and_breaks_by_a_gap(
    last: date, before: int, days: int
) -> None:
    found = streak(last, before, last + timedelta(days=days))
    assert found == (before if days == 0 else before + 1 if days == 1 else 1)
    assert streak(None, 0, last) == 1
    assert bounty(5, 2, 10, found) == min(10, 5 + 2 * (found - 1))


@pytest.mark.parametrize("kind", list(GameKind))
@pytest.mark.parametrize("by", list(EntryBy))
def test_the_rules_say_the_same_in_every_language(kind: GameKind, by: EntryBy) -> None:
    said = Stated(
        kind=kind,
        by=by,
        keyword="抽奖",
        closes_at=datetime(2026, 11, 11, 12, tzinfo=UTC),
        prizes=[("精华", 19_950, 3)],
        packets=10,
        per_person=2,
        points=100,
        more_each=5,
    )
    written = sentences(said)
    assert tuple(written) == LANGUAGES
    assert len({len(lines) for lines in written.values()}) == 1
    for lines in written.values():
        words = "".join(lines)
        assert "2026-11-11 20:00:00" in words
        assert "199.50" in words
        assert "{" not in words
