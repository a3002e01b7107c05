"""Something in every way of selling, for those who look at pages."""

from datetime import timedelta
from uuid import UUID

from tests.journeys.house import CREAM, CUP, SERUM, House
from xinbo.commerce import bargains, groups, members, offers, orders
from xinbo.commerce.offers import OfferKind
from xinbo.commerce.orders import Chosen, OrderItem, PlaceOrder
from xinbo.commerce.promotions import (
    Bargaining,
    FlashSale,
    GroupBuy,
    MemberPrice,
    Presale,
    PutItem,
)
from xinbo.engines.tx import Actor, Role
from xinbo.identity import accounts
from xinbo.kit.ids import new_id

DAY = timedelta(days=1)


async def furnish(house: House, shopper_id: UUID) -> dict[str, str]:
    """Begin a promotion of each kind, a group and a bargain; return the pages' paths by name."""
    small, large = house.goods[SERUM].skus
    cream, cup = house.goods[CREAM].skus[0], house.goods[CUP].skus[0]
    async with house.tx() as tx:
        now = tx.now
    presale = Presale(
        balance_from=now + 2 * DAY, balance_until=now + 4 * DAY, ships_by=now + 9 * DAY
    )
    flash = PutItem(sku_id=cream.id, price=9_900, stock=20, per_person=2)
    await house.promote(FlashSale(), flash, name="晚间秒杀")
    await house.promote(MemberPrice(level=1), PutItem(sku_id=small.id, price=15_900))
    await house.promote(GroupBuy(size=3, hours=24), PutItem(sku_id=small.id, price=14_900))
    await house.promote(presale, PutItem(sku_id=large.id, price=20_900, deposit=2_000, worth=4_000))
    await house.promote(
        Bargaining(helpers=5, hours=24), PutItem(sku_id=cup.id, price=8_800, floor=3_800)
    )
    async with house.tx() as tx:
        found = await offers.specials(tx, [small.id, cup.id], None)
    group, bargain = (
        next(each for each in found if each.kind is kind)
        for kind in (OfferKind.GROUP_BUY, OfferKind.BARGAIN)
    )
    buyer = Actor(house.merchant_id, Role.SHOPPER, shopper_id, shopper_id)
    async with house.tx(buyer) as tx:
        address = (await accounts.addresses(tx, shopper_id))[0]
        wish = PlaceOrder(
            lines=[OrderItem(sku_id=small.id, quantity=1, expected_price=group.price)],
            address_id=address.id,
            show_id=None,
            note="",
            chosen=Chosen(offer_id=group.id),
        )
        desk = orders.OrderDesk(house.site.database)
        order = await desk.place(tx, shopper_id, wish, str(new_id()))
    async with house.tx() as tx:
        await groups.paid(tx, order.id)
    async with house.tx(buyer) as tx:
        started = await bargains.start(tx, shopper_id, bargain.id)
        await members.join(tx, shopper_id)
    return {
        "flash": "/flash",
        "flash-product": f"/products/{house.goods[CREAM].id}",
        "groups": "/groups",
        "my-groups": "/groups?tab=mine",
        "group": f"/groups/{order.group_id}",
        "bargains": "/bargains",
        "my-bargains": "/bargains?tab=mine",
        "bargain": f"/bargains/{started.id}",
        "bargain-product": f"/products/{house.goods[CUP].id}",
        "member": "/me/member",
    }
