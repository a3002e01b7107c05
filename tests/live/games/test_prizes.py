"""Prizes are given once, to whom the draw named; what waits is kept for its winner."""

from uuid import UUID

import pytest

from tests.live.games.play import (
    GOODS,
    as_shopper,
    coupon,
    later,
    lottery,
    on_air,
    person,
    revealed,
    started,
)
from xinbo.commerce import members, promotions
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.identity.accounts import PutAddress
from xinbo.kit.ids import new_id
from xinbo.live import games
from xinbo.live.games import (
    ClaimPrize,
    EnterGame,
    JoinClubFirst,
    Prize,
    PrizeAddressMissing,
    PrizeKind,
    PrizeNotFound,
    PrizeNotToSend,
    PrizeState,
    SendPrize,
    WonPrize,
)

pytestmark = pytest.mark.anyio
SOME_POINTS = Prize(kind=PrizeKind.POINTS, name="200 积分", value=200, count=1, points=200)


async def won(tx: Tx, who: UUID, prize: Prize) -> tuple[UUID, WonPrize]:
    """Have somebody win a prize; return the show and the prize."""
    show_id = await on_air(tx)
    card = await started(tx, show_id, lottery(prize))
    await games.enter(as_shopper(tx, who), card.id, who, EnterGame())
    await revealed(tx, card.id)
    (mine,) = (await games.mine(later(tx, 10), who, None, 10)).items
    return show_id, mine


async def test_a_coupon_that_was_won_is_in_the_wallet(tx: Tx) -> None:
    """It was set aside at the start: nobody could claim it away meanwhile."""
    template_id = await coupon(tx, 2)
    who, other = await person(tx), await person(tx)
    prize = Prize(kind=PrizeKind.COUPON, name="满减券", value=500, count=2, template_id=template_id)
    show_id = await on_air(tx)
    card = await started(tx, show_id, lottery(prize))
    with pytest.raises(promotions.CouponsGone):
        await promotions.claim(tx, other, template_id, None, "outside-1")
    await games.enter(as_shopper(tx, who), card.id, who, EnterGame())
    await revealed(tx, card.id)

    (mine,) = (await games.mine(tx, who, None, 10)).items
    assert mine.state is PrizeState.GRANTED
    assert len(await promotions.wallet(tx, who)) == 1
    # One of the two was won by nobody: it can be claimed again.
    assert (await promotions.claim(tx, other, template_id, None, "outside-1")).name == "满 50 减 5"


async def test_points_reach_a_member_at_once(tx: Tx) -> None:
    who = await person(tx, member=True)
    _, mine = await won(tx, who, SOME_POINTS)
    assert mine.state is PrizeState.GRANTED
    assert await members.balance(tx, who) == 200
    assert (await games.claim(tx, who, mine.id, ClaimPrize())).state is PrizeState.GRANTED
    assert await members.balance(tx, who) == 200


async def test_points_wait_for_who_is_no_member_yet(tx: Tx) -> None:
    who = await person(tx)
    _, mine = await won(tx, who, SOME_POINTS)
    assert mine.state is PrizeState.WAITING
    with pytest.raises(JoinClubFirst):
        await games.claim(tx, who, mine.id, ClaimPrize())
    await members.join(tx, who)
    assert (await games.claim(tx, who, mine.id, ClaimPrize())).state is PrizeState.GRANTED
    await games.claim(tx, who, mine.id, ClaimPrize())
    assert await members.balance(tx, who) == 200


async def test_goods_go_where_the_winner_says(tx: Tx) -> None:
    who, thief = await person(tx), await person(tx)
    show_id, mine = await won(tx, who, GOODS)
    shopper = as_shopper(tx, who)
    address = await accounts.add_address(
        shopper,
        who,
        PutAddress(
            name="韩梅梅",
            phone="13800000001",
            region=["浙江省", "杭州市"],
            street="文三路 9 号",
            is_default=True,
        ),
    )
    with pytest.raises(PrizeNotFound):
        await games.claim(as_shopper(tx, thief), thief, mine.id, ClaimPrize(address_id=address.id))
    with pytest.raises(PrizeAddressMissing):
        await games.claim(shopper, who, mine.id, ClaimPrize())
    with pytest.raises(PrizeNotToSend):
        await games.send(tx, mine.id, SendPrize())
    with pytest.raises(accounts.AddressNotFound):
        await games.claim(shopper, who, mine.id, ClaimPrize(address_id=new_id()))

    claimed = await games.claim(shopper, who, mine.id, ClaimPrize(address_id=address.id))
    sent = await games.send(tx, mine.id, SendPrize(tracking="SF123"))

    assert claimed.state is PrizeState.CLAIMED
    assert (sent.state, sent.tracking) == (PrizeState.SENT, "SF123")
    assert sent.recipient.startswith("韩梅梅 ")
    assert sent.recipient.endswith("文三路 9 号")
    sheet = (await games.winners_csv(tx, show_id, None)).decode("utf-8-sig")
    assert "精华一瓶,199.00,sent,韩梅梅" in sheet


async def test_where_prizes_go_is_for_those_who_see_orders(tx: Tx) -> None:
    who = await person(tx)
    show_id, _ = await won(tx, who, GOODS)
    host = tx.acting(Actor(tx.merchant_id, Role.HOST, new_id()))
    listed = await games.winners(host, show_id, None, None, 10)
    assert [each.recipient for each in listed.items] == [""]
    with pytest.raises(NotPermitted):
        await games.winners_csv(host, show_id, None)
