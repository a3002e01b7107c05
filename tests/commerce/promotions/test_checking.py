"""A promotion that cannot be meant is refused with what is wrong, and where."""

from datetime import timedelta

import msgspec
import pytest

from tests.commerce.promotions.shop import (
    EVERYTHING,
    HOUR,
    coupon,
    draft,
    flash_sale,
    reduction,
    scheduled,
    sku,
)
from xinbo.commerce import catalog, promotions
from xinbo.commerce.catalog import ProductStatus, PutProduct, PutSku
from xinbo.commerce.promotions import (
    Audience,
    Bargaining,
    Bundle,
    FlashSale,
    FullReduction,
    Gifts,
    GiftStep,
    GroupBuy,
    Presale,
    Present,
    PromotionRefused,
    PromotionState,
    PutItem,
    PutPromotion,
    Rule,
    Threshold,
)
from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


async def refused(tx: Tx, command: PutPromotion, *, on_schedule: bool = False) -> dict[str, str]:
    """Return what is wrong by the field where it is."""
    trying = promotions.add(tx, command)
    if on_schedule:
        trying = promotions.schedule(tx, (await trying).id)
    with pytest.raises(PromotionRefused) as refusal:
        await trying
    problems = refusal.value.facts["problems"]
    assert isinstance(problems, list)
    return {each["at"]: each["why"] for each in msgspec.to_builtins(problems)}


async def test_a_price_above_the_list_price_is_refused(tx: Tx) -> None:
    item = PutItem(sku_id=await sku(tx, price=500), price=501, stock=1)
    assert await refused(tx, draft(tx, FlashSale(), item)) == {"items.0.price": "above_list_price"}


@pytest.mark.parametrize(
    ("starts", "lasts", "why"),
    [
        (timedelta(), -HOUR, "window_upside_down"),
        (-3 * HOUR, HOUR, "past"),
        (timedelta(), None, "end_needed"),
    ],
)
async def test_a_window_that_cannot_be_is_refused(
    tx: Tx, starts: timedelta, lasts: timedelta | None, why: str
) -> None:
    assert await refused(tx, draft(tx, reduction(), starts=starts, lasts=lasts)) == {"endsAt": why}


@pytest.mark.parametrize("off", [30_000, 40_000])
async def test_a_reduction_that_could_take_a_price_below_zero_is_refused(tx: Tx, off: int) -> None:
    """#7: coupons and reductions never stack into a negative or wrong total."""
    problems = await refused(tx, draft(tx, reduction(30_000, off)))
    assert problems == {"rule.steps.0.off": "off_reaches_threshold"}


async def test_money_off_by_the_number_of_pieces_is_refused(tx: Tx) -> None:
    """#7: three cheap pieces could cost less than what is taken off."""
    step = Threshold(at_least_amount=None, at_least_pieces=3, off=500, rate=None)
    rule = FullReduction(goods=EVERYTHING, steps=[step], repeat=False, most=None)
    assert await refused(tx, draft(tx, rule)) == {"rule.steps.0.off": "pieces_need_a_rate"}


async def test_a_coupon_that_gives_as_much_as_its_threshold_is_refused(tx: Tx) -> None:
    """#7: a coupon alone cannot make an order free."""
    problems = await refused(tx, draft(tx, coupon(off=5_000, threshold=5_000)))
    assert problems == {"rule.off": "more_than_threshold"}


@pytest.mark.parametrize(
    ("rule", "at", "why"),
    [
        (coupon(per_person=3, total=2), "rule.perPerson", "more_than_total"),
        (coupon(audience=Audience.MEMBERS), "rule.level", "level_needed"),
        (coupon(off=0), "rule.off", "nothing_off"),
    ],
)
async def test_a_coupon_that_cannot_be_meant_is_refused(
    tx: Tx, rule: Rule, at: str, why: str
) -> None:
    assert await refused(tx, draft(tx, rule)) == {at: why}


async def test_thresholds_rise(tx: Tx) -> None:
    steps = [
        Threshold(at_least_amount=amount, at_least_pieces=None, off=100, rate=None)
        for amount in (20_000, 10_000)
    ]
    rule = FullReduction(goods=EVERYTHING, steps=steps, repeat=True, most=None)
    assert await refused(tx, draft(tx, rule)) == {
        "rule.steps.1": "steps_not_rising",
        "rule.repeat": "repeat_needs_one_amount_off",
    }


async def test_gifts_and_bundles_are_made_of_goods_on_sale(tx: Tx) -> None:
    nothing = Present(sku_id=new_id(), quantity=1)
    one = await sku(tx, price=1_000)
    gift = Gifts(goods=EVERYTHING, steps=[GiftStep(at_least_amount=100, gifts=[nothing])])
    dear = Bundle(parts=[Present(sku_id=one, quantity=2)], price=2_000)

    assert await refused(tx, draft(tx, gift)) == {"rule.steps.0.gifts.0.skuId": "not_on_sale"}
    assert await refused(tx, draft(tx, dear)) == {"rule.price": "above_list_price"}


async def test_a_bargain_has_a_floor_with_a_cut_for_everybody(tx: Tx) -> None:
    sku_id = await sku(tx, price=1_000)
    rule = Bargaining(helpers=20, hours=24)

    def item(floor: int | None) -> PutItem:
        return PutItem(sku_id=sku_id, price=1_000, floor=floor)

    for floor, why in (
        (None, "floor_needed"),
        (1_000, "floor_not_below_price"),
        (990, "cuts_too_small"),
    ):
        assert await refused(tx, draft(tx, rule, item(floor))) == {"items.0.floor": why}


async def test_a_pre_sale_takes_a_deposit_and_then_the_balance(tx: Tx) -> None:
    sku_id = await sku(tx, price=1_000)
    rule = Presale(balance_from=tx.now + HOUR, balance_until=tx.now + HOUR, ships_by=tx.now)
    item = PutItem(sku_id=sku_id, price=1_000, deposit=500, worth=1_000)

    assert await refused(tx, draft(tx, rule, item)) == {
        "rule.balanceFrom": "before_deposits_end",
        "rule.balanceUntil": "window_upside_down",
        "rule.shipsBy": "before_balance",
        "items.0.worth": "worth_reaches_price",
    }


async def test_stock_that_is_not_there_cannot_be_promised(tx: Tx) -> None:
    """#1: what a promotion sells, the shop has."""
    item = PutItem(sku_id=await sku(tx, stock=9), price=1, stock=10)
    problems = await refused(tx, draft(tx, FlashSale(), item), on_schedule=True)
    assert problems == {"items.0.stock": "stock_short"}


async def test_one_sku_is_in_one_flash_sale_at_a_time(tx: Tx) -> None:
    sku_id = await sku(tx)
    await flash_sale(tx, [sku_id])
    item = PutItem(sku_id=sku_id, price=1, stock=1)

    meanwhile = draft(tx, FlashSale(), item, starts=HOUR)
    afterwards = draft(tx, FlashSale(), item, starts=2 * HOUR)
    otherwise = draft(tx, GroupBuy(size=2, hours=24), item)

    assert await refused(tx, meanwhile, on_schedule=True) == {"items.0.skuId": "overlaps"}
    assert (await scheduled(tx, afterwards)).state is PromotionState.SCHEDULED
    assert (await scheduled(tx, otherwise)).state is PromotionState.RUNNING


async def test_every_problem_is_told_at_once(tx: Tx) -> None:
    sku_id = await sku(tx, price=100)
    items = [PutItem(sku_id=sku_id, price=101), PutItem(sku_id=sku_id, price=1, stock=1)]
    assert await refused(tx, draft(tx, FlashSale(), *items, lasts=-HOUR)) == {
        "endsAt": "window_upside_down",
        "items.0.price": "above_list_price",
        "items.0.stock": "stock_needed",
        "items.1.skuId": "twice",
    }


async def test_goods_that_went_off_sale_are_not_announced(tx: Tx) -> None:
    item = PutItem(sku_id=await sku(tx), price=1, stock=1)
    written = await promotions.add(tx, draft(tx, FlashSale(), item))
    product = (await catalog.skus(tx, [item.sku_id]))[item.sku_id].product_id
    await catalog.put(
        tx,
        product,
        PutProduct(
            handle=None,
            title="下架",
            subtitle="",
            description="",
            unit="瓶",
            status=ProductStatus.ARCHIVED,
            option_names=[],
            skus=[PutSku(id=item.sku_id, code="A", options=[], price=10_000, barcode="")],
        ),
    )

    with pytest.raises(PromotionRefused):
        await promotions.schedule(tx, written.id)
