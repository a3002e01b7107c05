"""Nobody keeps stock from others by ordering and never paying."""

import pytest

from tests.commerce.orders.till import Till
from xinbo.commerce.orders import HeldTooMuch, Holds, OrderDesk
from xinbo.engines.tx import Actor, Role

pytestmark = pytest.mark.anyio


async def test_one_person_cannot_freeze_a_shops_stock(till: Till) -> None:
    """#3: five unpaid orders, and no sixth until one is paid or gone."""
    sku_id, who = await till.stock(100), await till.buyer()
    till.desk = OrderDesk(till.database, holds=Holds(person=5, device=0, place=0))
    placed = [await till.place(who, who.basket(sku_id)) for _ in range(5)]

    with pytest.raises(HeldTooMuch) as refusal:
        await till.place(who, who.basket(sku_id))
    assert (refusal.value.facts["by"], refusal.value.facts["most"]) == ("person", 5)
    assert await till.left(sku_id) == 95

    await till.pay(who, placed[0])
    await till.place(who, who.basket(sku_id))


async def test_one_browser_cannot_do_it_with_many_accounts(till: Till) -> None:
    sku_id = await till.stock(100)
    till.desk = OrderDesk(till.database, holds=Holds(person=5, device=3, place=0))

    async def place() -> None:
        who = await till.buyer()
        who.actor = Actor(till.merchant_id, Role.SHOPPER, who.id, device="browser-1")
        await till.place(who, who.basket(sku_id))

    for _ in range(3):
        await place()
    with pytest.raises(HeldTooMuch) as refusal:
        await place()
    assert refusal.value.facts["by"] == "device"


async def test_one_door_cannot_do_it_with_many_people(till: Till) -> None:
    sku_id = await till.stock(100)
    till.desk = OrderDesk(till.database, holds=Holds(person=5, device=0, place=4))
    for _ in range(4):
        who = await till.buyer()
        await till.place(who, who.basket(sku_id))

    late = await till.buyer()
    with pytest.raises(HeldTooMuch) as refusal:
        await till.place(late, late.basket(sku_id))
    assert refusal.value.facts["by"] == "place"
