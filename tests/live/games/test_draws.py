"""A draw from its start to its result: what is public when, and that it checks."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from tests.live.games.play import (
    GOODS,
    POINTS,
    as_shopper,
    later,
    lottery,
    on_air,
    person,
    rehearsed,
    revealed,
    room,
    shopper,
    started,
)
from xinbo.engines.tx import Database, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id
from xinbo.live import games, shows
from xinbo.live.games import (
    EnterGame,
    Entrant,
    GameMoved,
    GameQuestion,
    GameRunning,
    GameRunNotFound,
    Guess,
    Poll,
    Prize,
    PrizeKind,
    PutGame,
    Quiz,
    Result,
    RoomNotOpen,
    RunState,
    genuine,
    verify,
)
from xinbo.live.games._reactions import sweep
from xinbo.live.games._rules import draw

pytestmark = pytest.mark.anyio


async def test_a_lottery_publishes_what_binds_it_before_anybody_is_in(tx: Tx) -> None:
    """The commitment is on every phone with the first card, and nothing of the seed."""
    show_id = await on_air(tx)
    card = await started(tx, show_id, lottery(POINTS))

    (shown,) = await games.on_stage(tx, show_id)
    record = await games.record(tx, card.id)

    assert shown == card
    assert (shown.state, shown.entries, shown.prize_count) == (RunState.OPEN, 0, 2)
    assert len(shown.commitment) == len(shown.terms_hash) == 64
    assert (shown.seed, shown.list_hash, shown.answer, record.seed) == (None, None, None, None)
    assert draw.digest(record.terms) == record.terms_hash == shown.terms_hash
    assert shown.closes_at == tx.now + timedelta(seconds=60)
    assert record.entries == []


async def test_the_list_is_public_before_the_seed_and_the_result_checks(tx: Tx) -> None:
    """Commit, list, reveal, in this order; anyone can work the winners out again."""
    show_id = await on_air(tx)
    card = await started(tx, show_id, lottery(GOODS, POINTS))
    people = [await person(tx) for _ in range(8)]
    for number, each in enumerate(people):
        await games.enter(as_shopper(tx, each), card.id, each, EnterGame(nonce=f"{number:032x}"))

    closed = await games.close(tx, card.id)
    early = await games.record(tx, card.id)
    still = await games.reveal(later(tx, 1), card.id)

    assert (closed.state, closed.entries, closed.seed) == (RunState.CLOSED, 8, None)
    assert closed.list_hash == early.list_hash is not None
    assert len(early.entries) == 8
    assert {each.result for each in verify(early)} == {Result.OK, Result.NOT_YET}
    assert still.state is RunState.CLOSED  # the pause is not over

    out, record = await revealed(tx, card.id)

    assert out.state is RunState.REVEALED
    assert out.commitment == card.commitment
    assert out.list_hash == closed.list_hash
    assert len(record.winners) == len(out.winners) == 3
    assert [each.entry for each in out.winners] == record.winners
    assert [each.prize for each in out.winners] == ["精华一瓶", "100 积分", "100 积分"]
    assert {each.name for each in out.winners} == {"李**"}
    assert genuine(verify(record))
    again = msgspec.json.decode(msgspec.json.encode(record), type=games.DrawRecord)
    assert genuine(verify(again))


async def test_a_person_finds_themself_in_the_list_and_nobody_else(tx: Tx) -> None:
    show_id = await on_air(tx)
    card = await started(tx, show_id, lottery())
    who, other = await person(tx), await person(tx)
    receipt = await games.enter(as_shopper(tx, who), card.id, who, EnterGame())
    await games.enter(as_shopper(tx, other), card.id, other, EnterGame())
    _, record = await revealed(tx, card.id)

    own = draw.entry_of(bytes.fromhex(receipt.salt), str(card.id), str(who))

    assert own == receipt.entry
    assert sum(line.startswith(own) for line in record.entries) == 1
    text = msgspec.json.encode(record).decode()
    assert str(who) not in text
    assert str(other) not in text


async def test_ones_own_chance_changes_the_draw(tx: Tx) -> None:
    """What entrants bring is hashed with the list, so no result was fixed before they came."""
    show_id = await on_air(tx)
    card = await started(tx, show_id, lottery())
    who = await person(tx)
    await games.enter(as_shopper(tx, who), card.id, who, EnterGame(nonce="a" * 32))
    _, record = await revealed(tx, card.id)
    lines = [draw.Line(*each.split(" ")) for each in record.entries]
    other = [line._replace(nonce="b" * 32) for line in lines]
    assert draw.list_hash(record.run_id, lines) == record.list_hash
    assert draw.list_hash(record.run_id, other) != record.list_hash


async def test_nobody_in_means_no_winner_and_still_a_public_seed(tx: Tx) -> None:
    card = await started(tx, await on_air(tx), lottery())
    out, record = await revealed(tx, card.id)
    assert (out.winners, out.entries) == ([], 0)
    assert genuine(verify(record))


async def test_fewer_people_than_prizes_all_win(tx: Tx) -> None:
    card = await started(tx, await on_air(tx), lottery(POINTS))
    who = await person(tx)
    await games.enter(as_shopper(tx, who), card.id, who, EnterGame())
    out, record = await revealed(tx, card.id)
    assert len(out.winners) == 1
    assert genuine(verify(record))


async def test_the_answer_of_a_quiz_is_sealed_until_the_close(tx: Tx) -> None:
    """Who is right is fixed before the first answer, and being fast is no advantage."""
    asked = [
        GameQuestion(text="产地?", options=["云南", "杭州"], right=1),
        GameQuestion(text="净含量?", options=["30 ml", "50 ml", "100 ml"], right=0),
    ]
    show_id = await on_air(tx)
    card = await started(tx, show_id, Quiz(questions=asked, prizes=[POINTS]))
    right, wrong = await person(tx), await person(tx)
    await games.enter(as_shopper(tx, wrong), card.id, wrong, EnterGame(answer="0,0"))
    await games.enter(as_shopper(tx, right), card.id, right, EnterGame(answer="1,0"))
    seen = msgspec.json.encode(await games.seen(as_shopper(tx, right), card.id)).decode()
    assert '"right"' not in seen
    assert (await games.record(tx, card.id)).answer is None

    out, record = await revealed(tx, card.id)

    assert out.answer == record.answer == "1,0"
    assert len(out.winners) == 1
    assert genuine(verify(record))
    lied = msgspec.structs.replace(record, answer="0,0")
    assert not genuine(verify(lied))


async def test_the_closest_guess_wins(tx: Tx) -> None:
    play = Guess(question="礼盒多少钱?", price=19_900, prizes=[GOODS])
    card = await started(tx, await on_air(tx), play)
    near, far = await person(tx), await person(tx)
    for who, answer in ((far, "9900"), (near, "20000")):
        await games.enter(as_shopper(tx, who), card.id, who, EnterGame(answer=answer))
    out, record = await revealed(tx, card.id)
    mine = (await games.seen(as_shopper(later(tx, 10), near), card.id)).mine
    assert out.answer == "19900"
    assert mine is not None
    assert [each.name for each in mine.won] == ["精华一瓶"]
    assert genuine(verify(record))


async def test_a_poll_counts_votes_and_needs_no_draw(tx: Tx) -> None:
    show_id = await on_air(tx)
    card = await started(tx, show_id, Poll(question="先讲哪个?", options=["甲", "乙", "丙"]))
    for answer in ("0", "2", "2"):
        who = await person(tx)
        await games.enter(as_shopper(tx, who), card.id, who, EnterGame(answer=answer))
    out = await games.close(tx, card.id)
    assert (out.state, out.tally, out.entries) == (RunState.REVEALED, [1, 0, 2], 3)
    assert genuine(verify(await games.record(tx, card.id)))


async def test_a_second_play_is_seen_as_such_and_the_first_stays_public(tx: Tx) -> None:
    """Starting over until the result suits leaves every play on the list, numbered."""
    show_id = await on_air(tx)
    game = await games.add(tx, show_id, PutGame(title="抽奖", seconds=60, play=lottery()))
    first = await games.start(tx, game.id, key="start-one")
    assert await games.start(tx, game.id, key="start-one") == first
    with pytest.raises(GameRunning):
        await games.start(tx, game.id, key="start-two")
    await revealed(tx, first.id)
    second = await games.start(tx, game.id, key="start-two")

    listed = await games.runs(tx, show_id, None, 10)

    assert [(each.id, each.play) for each in listed.items] == [(second.id, 2), (first.id, 1)]
    assert second.commitment != first.commitment


async def test_who_acts_on_an_old_view_is_told_who_was_first(tx: Tx) -> None:
    show_id = await on_air(tx)
    game = await games.add(tx, show_id, PutGame(title="抽奖", seconds=60, play=lottery()))
    changed = PutGame(title="大抽奖", seconds=90, play=lottery(), version=game.version)
    await games.put(tx, game.id, changed)
    with pytest.raises(GameMoved) as refused:
        await games.start(tx, game.id, game.version)
    assert refused.value.facts["what"] == "changed"
    with pytest.raises(GameMoved):
        await games.put(tx, game.id, changed)


async def test_a_game_that_runs_is_neither_changed_nor_removed(tx: Tx) -> None:
    show_id = await on_air(tx)
    game = await games.add(tx, show_id, PutGame(title="抽奖", seconds=60, play=lottery()))
    await games.start(tx, game.id)
    now = await games.get(tx, game.id)
    assert now.running_id is not None
    with pytest.raises(GameRunning):
        await games.put(
            tx, game.id, PutGame(title="改", seconds=60, play=lottery(), version=now.version)
        )
    with pytest.raises(GameRunning):
        await games.remove(tx, game.id)


async def test_nothing_starts_before_the_room_is_open(tx: Tx) -> None:
    show_id = await on_air(tx)
    game = await games.add(tx, show_id, PutGame(title="抽奖", seconds=60, play=lottery()))
    await games.remove(tx, game.id)
    assert (await games.page_of(tx, show_id, None, 10)).items == []
    await shows.end(tx, show_id)
    other = await games.add(tx, show_id, PutGame(title="抽奖", seconds=60, play=lottery()))
    with pytest.raises(RoomNotOpen):
        await games.start(tx, other.id)


async def test_a_prize_above_the_cap_cannot_be_planned() -> None:
    """One prize of a draw is worth 50,000 yuan at most."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(
            {"kind": "goods", "name": "汽车", "value": 5_000_001, "count": 1}, games.Prize
        )
    kept = msgspec.convert(
        {"kind": "goods", "name": "旅行", "value": 5_000_000, "count": 1}, games.Prize
    )
    assert kept.value == 5_000_000


async def test_only_those_who_may_run_games_do(tx: Tx) -> None:
    show_id = await on_air(tx)
    game = await games.add(tx, show_id, PutGame(title="抽奖", seconds=60, play=lottery()))
    who = await person(tx)
    with pytest.raises(NotPermitted):
        await games.start(as_shopper(tx, who), game.id)
    card = await games.start(tx, game.id)
    with pytest.raises(NotPermitted):
        await games.close(as_shopper(tx, who), card.id)


async def test_a_rehearsed_play_is_for_the_staff_and_gives_nothing(tx: Tx) -> None:
    show_id = await rehearsed(tx)
    play = lottery(Prize(kind=PrizeKind.POINTS, name="积分", value=100, count=3, points=100))
    card = await started(tx, show_id, play)
    crowd = [Entrant(id=new_id(), name=f"观众{n}") for n in range(5)]
    assert await games.enter_many(tx, card.id, crowd) == 5
    assert await games.enter_many(tx, card.id, crowd) == 0

    out, record = await revealed(tx, card.id)

    assert out.rehearsal
    assert out.play == 0
    assert {each.name for each in out.winners} == {"观**"}
    assert genuine(verify(record))
    assert (await games.winners(tx, show_id, None, None, 10)).items == []
    with pytest.raises(GameRunNotFound):
        await games.seen(as_shopper(tx, await person(tx)), card.id)


async def test_a_real_play_takes_no_made_up_audience(tx: Tx) -> None:
    """No invented entrant is ever in a draw for real prizes."""
    card = await started(tx, await on_air(tx), lottery())
    with pytest.raises(games.EntriesClosed):
        await games.enter_many(tx, card.id, [Entrant(id=new_id(), name="托")])


async def test_the_sweep_counts_closes_and_reveals_in_time(
    database: Database, merchant_id: UUID
) -> None:
    own = merchant_id
    run_id = await room(database, own, lottery())
    async with database.begin(system(own)) as mine:
        who = await person(mine)
    async with database.begin(shopper(own, who)) as hers:
        await games.enter(hers, run_id, who, EnterGame())
        now = hers.now

    assert await sweep(database, now) >= 1
    async with database.begin(system(own)) as mine:
        card = (await games.seen(mine, run_id)).card
        assert (card.entries, card.state) == (1, RunState.OPEN)
    await sweep(database, now + timedelta(seconds=61))
    async with database.begin(system(own)) as mine:
        assert (await games.seen(mine, run_id)).card.state is RunState.CLOSED
    await sweep(database, now + timedelta(seconds=65))
    async with database.begin(system(own)) as mine:
        out = (await games.seen(mine, run_id)).card
    assert out.state is RunState.REVEALED
    assert len(out.winners) == 1
