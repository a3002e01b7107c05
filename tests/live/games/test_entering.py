"""Who may take part, once each, until the close; and what has to be done first."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.live.games.play import (
    as_shopper,
    later,
    lottery,
    on_air,
    person,
    room,
    shopper,
    started,
)
from tests.support import planned_show, product_on_sale
from xinbo.commerce import members, orders
from xinbo.commerce.orders import OrderDesk, OrderItem, PlaceOrder
from xinbo.engines.tx import Database, Role, Tx, system
from xinbo.identity import accounts, follows
from xinbo.identity.accounts import AddStaff, PutAddress
from xinbo.kit.ids import new_id
from xinbo.live import games, shows
from xinbo.live.games import (
    AnswerRefused,
    BuyFirst,
    CheckIn,
    Comment,
    CommentFirst,
    EnterGame,
    EntriesClosed,
    EntryBy,
    FollowFirst,
    InsiderRefused,
    JoinClubFirst,
    Poll,
    RunState,
)
from xinbo.live.games._service import running

pytestmark = pytest.mark.anyio


async def entries(tx: Tx, run_id: UUID) -> int:
    return len((await games.record(later(tx, 100), run_id)).entries)


async def test_one_is_in_once_and_gets_the_same_receipt_again(tx: Tx) -> None:
    card = await started(tx, await on_air(tx), lottery())
    who = await person(tx)
    mine = as_shopper(tx, who)
    first = await games.enter(mine, card.id, who, EnterGame(nonce="a" * 32))
    again = await games.enter(mine, card.id, who, EnterGame(nonce="b" * 32))
    assert again == first
    await games.close(tx, card.id)
    assert await games.enter(mine, card.id, who, EnterGame()) == first
    assert await entries(tx, card.id) == 1


async def test_after_the_time_is_up_nobody_gets_in(tx: Tx) -> None:
    """#17: the server's clock says so, not the phone's."""
    card = await started(tx, await on_air(tx), lottery(), seconds=30)
    who = await person(tx)
    with pytest.raises(EntriesClosed):
        await games.enter(later(as_shopper(tx, who), 30), card.id, who, EnterGame())
    await games.close(tx, card.id)
    with pytest.raises(EntriesClosed):
        await games.enter(as_shopper(tx, who), card.id, who, EnterGame())


async def test_a_follower_gets_in(tx: Tx) -> None:
    card = await started(tx, await on_air(tx), lottery(by=EntryBy.FOLLOW))
    who = await person(tx)
    with pytest.raises(FollowFirst):
        await games.enter(as_shopper(tx, who), card.id, who, EnterGame())
    await follows.follow(as_shopper(tx, who), who)
    assert (await games.enter(as_shopper(tx, who), card.id, who, EnterGame())).run_id == card.id


async def test_who_paid_in_this_show_gets_in(tx: Tx, database: Database) -> None:
    product = await product_on_sale(tx)
    show_id = await planned_show(tx, [product])
    await shows.start(tx, show_id)
    card = await started(tx, show_id, lottery(by=EntryBy.PURCHASE))
    who = await person(tx)
    mine = as_shopper(tx, who)
    address = await accounts.add_address(
        mine,
        who,
        PutAddress(
            name="李雷", phone="13800000000", region=["浙江省"], street="1 号", is_default=True
        ),
    )
    line = OrderItem(sku_id=product.skus[0].id, quantity=1, expected_price=8_000)
    order = await OrderDesk(database, batched=False).place(
        mine,
        who,
        PlaceOrder(lines=[line], address_id=address.id, show_id=show_id, note=""),
        str(new_id()),
    )
    with pytest.raises(BuyFirst):
        await games.enter(mine, card.id, who, EnterGame())
    payment = await orders.open_payment(mine, order.id, "sandbox", str(new_id()))
    own = tx.acting(system(tx.merchant_id))
    await orders.mark_paid(own, order.id, payment.id, payment.amount)
    assert (await games.enter(mine, card.id, who, EnterGame())).run_id == card.id


def said(who: UUID, text: str, tx: Tx, after: float = 1) -> Comment:
    return Comment(shopper_id=who, name="李雷", text=text, at=tx.now + timedelta(seconds=after))


async def test_a_comment_with_the_keyword_gets_one_in(tx: Tx) -> None:
    show_id = await on_air(tx)
    card = await started(tx, show_id, lottery(by=EntryBy.COMMENT, keyword="抽奖"))
    right, wrong = await person(tx), await person(tx)
    with pytest.raises(CommentFirst) as refused:
        await games.enter(as_shopper(tx, right), card.id, right, EnterGame())
    assert refused.value.facts == {"keyword": "抽奖"}

    fresh = await games.commented(
        tx, show_id, [said(right, "我要抽 奖", tx), said(right, "抽奖!", tx), said(wrong, "好", tx)]
    )

    assert fresh == 1
    assert await games.commented(tx, show_id, [said(right, "抽奖", tx)]) == 0
    mine = as_shopper(tx, right)
    plain = (await games.seen(mine, card.id)).mine
    assert plain is not None
    assert plain.receipt is not None
    assert not plain.receipt.nonce
    own = await games.enter(mine, card.id, right, EnterGame(nonce="c" * 32))
    assert own.entry == plain.receipt.entry
    assert own.nonce == "c" * 32


async def test_comments_count_by_when_they_were_said(tx: Tx) -> None:
    """#17: the archive comes a moment later; before the start and after the end is too late."""
    show_id = await on_air(tx)
    card = await started(tx, show_id, lottery(by=EntryBy.COMMENT), seconds=30)
    people = [await person(tx) for _ in range(3)]
    comments = [
        said(people[0], "好", tx, -1),
        said(people[1], "好", tx, 29.5),
        said(people[2], "好", tx, 30),
    ]
    assert await games.commented(later(tx, 31), show_id, comments) == 1
    await running.turn(later(tx, 31), card.id)
    still = await games.seen(later(tx, 31), card.id)
    assert still.card.state is RunState.OPEN  # comments may be on their way
    await running.turn(later(tx, 34), card.id)
    assert (await games.seen(later(tx, 34), card.id)).card.state is RunState.CLOSED
    assert await entries(tx, card.id) == 1


async def test_staff_do_not_take_part(tx: Tx) -> None:
    """The platform bars insiders, whichever way they come in."""
    show_id = await on_air(tx)
    card = await started(tx, show_id, lottery())
    by_comment = await started(tx, show_id, lottery(by=EntryBy.COMMENT))
    phone = f"13{new_id().int % 10**9:09}"
    await accounts.add_staff(
        tx,
        AddStaff(
            email=f"{new_id()}@x.example",
            name="小禾",
            role=Role.HOST,
            password="correct horse battery",
            phone=phone,
        ),
    )
    insider = await accounts.join(tx, f"+86{phone}")
    with pytest.raises(InsiderRefused):
        await games.enter(as_shopper(tx, insider), card.id, insider, EnterGame())
    assert await games.commented(tx, show_id, [said(insider, "好", tx)]) == 0
    assert await entries(tx, by_comment.id) == 0


async def test_answers_that_no_page_sends_are_refused(tx: Tx) -> None:
    card = await started(tx, await on_air(tx), Poll(question="?", options=["甲", "乙"]))
    who = await person(tx)
    for answer in ("", "2", "0,1"):
        with pytest.raises(AnswerRefused):
            await games.enter(as_shopper(tx, who), card.id, who, EnterGame(answer=answer))


async def test_checking_in_brings_points_once_a_day_and_more_in_a_row(tx: Tx) -> None:
    play = CheckIn(points=5, more_each=2, most=20)
    stranger, member = await person(tx), await person(tx, member=True)
    show_id = await on_air(tx)
    card = await started(tx, show_id, play, seconds=7_200)
    with pytest.raises(JoinClubFirst):
        await games.enter(as_shopper(tx, stranger), card.id, stranger, EnterGame())
    await games.enter(as_shopper(tx, member), card.id, member, EnterGame())
    await games.close(tx, card.id)
    mine = (await games.seen(as_shopper(tx, member), card.id)).mine
    assert mine is not None
    assert (mine.earned, mine.streak) == (5, 1)

    tomorrow = later(tx, 86_400)
    game = await games.page_of(tomorrow, show_id, None, 10)
    second = await games.start(tomorrow, game.items[0].id)
    await games.enter(as_shopper(tomorrow, member), second.id, member, EnterGame())
    other = await started(tomorrow, show_id, play)
    await games.enter(as_shopper(tomorrow, member), other.id, member, EnterGame())

    again = (await games.seen(as_shopper(tomorrow, member), other.id)).mine
    assert again is not None
    assert (again.earned, again.streak) == (0, 2)  # twice on one day brings nothing more
    assert await members.balance(tx, member) == 5 + 7


async def test_many_who_enter_at_once_are_in_once_each(
    database: Database, merchant_id: UUID
) -> None:
    """Twenty people press twice at the same moment: twenty entries."""
    run_id = await room(database, merchant_id, lottery())
    async with database.begin(system(merchant_id)) as tx:
        people = [await person(tx) for _ in range(20)]

    async def press(who: UUID) -> str:
        async with database.begin(shopper(merchant_id, who)) as tx:
            return (await games.enter(tx, run_id, who, EnterGame())).entry

    receipts = await asyncio.gather(*(press(who) for who in people for _ in range(2)))

    assert len(set(receipts)) == 20
    async with database.begin(system(merchant_id)) as tx:
        assert (await games.close(tx, run_id)).entries == 20


async def test_nobody_with_a_receipt_is_missing_however_the_close_races(
    database: Database, merchant_id: UUID
) -> None:
    """People enter while the list is closed: whoever got a receipt is in it, nobody else."""
    for _ in range(5):
        run_id = await room(database, merchant_id, lottery())
        async with database.begin(system(merchant_id)) as tx:
            people = [await person(tx) for _ in range(12)]

        async def press(who: UUID, run_id: UUID = run_id) -> str | None:
            try:
                async with database.begin(shopper(merchant_id, who)) as tx:
                    return (await games.enter(tx, run_id, who, EnterGame())).entry
            except EntriesClosed:
                return None

        async def shut(run_id: UUID = run_id) -> None:
            await asyncio.sleep(0.02)
            async with database.begin(system(merchant_id)) as tx:
                await games.close(tx, run_id)

        *answers, _ = await asyncio.gather(*(press(who) for who in people), shut())
        async with database.begin(system(merchant_id)) as tx:
            record = await games.record(tx, run_id)
        assert {each for each in answers if each} == {line.split(" ")[0] for line in record.entries}


async def test_many_sweepers_close_and_reveal_once(database: Database, merchant_id: UUID) -> None:
    run_id = await room(database, merchant_id, lottery())
    async with database.begin(system(merchant_id)) as tx:
        who = await person(tx)
        now = tx.now
    async with database.begin(shopper(merchant_id, who)) as tx:
        await games.enter(tx, run_id, who, EnterGame())

    async def turn(seconds: float) -> None:
        async with database.begin(system(merchant_id), now + timedelta(seconds=seconds)) as tx:
            await running.turn(tx, run_id)

    await asyncio.gather(*(turn(61) for _ in range(6)))
    await asyncio.gather(*(turn(70) for _ in range(6)))

    async with database.begin(system(merchant_id)) as tx:
        seen = await games.seen(tx, run_id)
        won = await games.mine(tx, who, None, 10)
    assert seen.card.state is RunState.REVEALED
    assert len(won.items) == 1
