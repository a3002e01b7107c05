"""What operators and the run-of-show do on the stage; who was first is told by name."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.commerce.promotions.shop import at
from tests.support import planned_show, product_on_sale
from xinbo.commerce import offers, promotions
from xinbo.commerce.catalog import Product
from xinbo.commerce.promotions import PromotionState, PutItem, PutPromotion, TimedDiscount
from xinbo.engines.history import latest
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.identity import accounts
from xinbo.identity.accounts import AddStaff
from xinbo.kit.ids import new_id
from xinbo.live import shows, stage
from xinbo.live.shows import CueKind, PutCue, PutCues
from xinbo.live.stage import NoticeKind, NoticeNotFound, NotOnLineUp, PutNotice, StageMoved

pytestmark = pytest.mark.anyio


async def colleague(tx: Tx, name: str) -> Tx:
    """Someone who runs shows, with a name that others read."""
    command = AddStaff(
        email=f"{new_id()}@qinghe.example", name=name, role=Role.OPERATOR, password="password-1"
    )
    member = await accounts.add_staff(tx, command)
    return tx.acting(Actor(tx.merchant_id, Role.OPERATOR, member.id))


async def on_air(tx: Tx, products: list[Product]) -> UUID:
    show_id = await planned_show(tx, products)
    await shows.start(tx, show_id)
    return show_id


async def with_cue(tx: Tx, show_id: UUID, **fields: object) -> UUID:
    plan = await shows.plan(tx, show_id)
    cue = PutCue(
        **{  # type: ignore[arg-type]
            "kind": CueKind.PRODUCT,
            "title": "精华讲解",
            "minutes": 12,
            "product_id": None,
            "notes": "",
            **fields,
        }
    )
    plan = await shows.put_cues(tx, show_id, PutCues(cues=[cue], version=plan.version))
    return plan.cues[0].id


async def kinds(tx: Tx, show_id: UUID) -> list[str]:
    return [past.name for past in await latest(tx, show_id, before=None, limit=50)]


async def test_who_comes_second_is_told_who_was_first_and_what_stands(tx: Tx) -> None:
    one, two = await product_on_sale(tx), await product_on_sale(tx)
    show_id = await on_air(tx, [one, two])
    first, second = await colleague(tx, "阿诚"), await colleague(tx, "小满")
    seen = (await stage.snapshot(tx, show_id)).acts
    await stage.pin(first, show_id, one.id, seen=seen)

    with pytest.raises(StageMoved) as refused:
        await stage.pin(second, show_id, two.id, seen=seen)

    assert refused.value.facts["by"] == "阿诚"
    assert refused.value.facts["what"] == "pin"
    again = await stage.pin(second, show_id, two.id, seen=refused.value.facts["acts"])  # type: ignore[arg-type]
    assert again.pinned_product_id == two.id


async def test_different_things_do_not_get_in_each_others_way(tx: Tx) -> None:
    one, two = await product_on_sale(tx), await product_on_sale(tx)
    show_id = await on_air(tx, [one, two])
    first, second = await colleague(tx, "阿诚"), await colleague(tx, "小满")
    seen = (await stage.snapshot(tx, show_id)).acts
    await stage.pin(first, show_id, one.id, seen=seen)

    moved = await stage.move_item(second, show_id, two.id, 0, seen=seen)

    assert [item.product_id for item in moved.items] == [two.id, one.id]
    assert moved.pinned_product_id == one.id


async def test_to_explain_pins_and_another_pin_ends_the_explaining(tx: Tx) -> None:
    one, two = await product_on_sale(tx), await product_on_sale(tx)
    show_id = await on_air(tx, [one, two])

    explained = await stage.explain(tx, show_id, one.id)
    assert (explained.explaining_product_id, explained.pinned_product_id) == (one.id, one.id)
    assert explained.explaining_since == tx.now

    pinned = await stage.pin(tx, show_id, two.id)
    assert (pinned.explaining_product_id, pinned.pinned_product_id) == (None, two.id)
    with pytest.raises(NotOnLineUp):
        await stage.explain(tx, show_id, new_id())


async def test_what_is_sold_out_loses_its_show_price_and_gets_it_back(tx: Tx) -> None:
    product = await product_on_sale(tx, price=10_000)
    show_id = await on_air(tx, [product])
    sku = product.skus[0].id

    gone = await stage.mark_sold_out(tx, show_id, product.id, sold_out=True)
    assert gone.items[0].sold_out
    assert (await offers.quote(tx, [sku], show_id))[sku].price == 10_000

    back = await stage.mark_sold_out(tx, show_id, product.id, sold_out=False)
    assert not back.items[0].sold_out
    assert (await offers.quote(tx, [sku], show_id))[sku].price == 8_000
    assert (await kinds(tx, show_id)).count("shows.sold_out_marked") == 2


async def test_a_notice_stands_until_its_time_is_over_or_it_is_taken_down(tx: Tx) -> None:
    product = await product_on_sale(tx)
    show_id = await on_air(tx, [product])
    brief = PutNotice(kind=NoticeKind.ANNOUNCEMENT, text="五分钟后抽奖", seconds=60)
    fixed = PutNotice(
        kind=NoticeKind.PRICE_CORRECTED, text="精华直播价是 99 元", product_id=product.id
    )
    await stage.notice(tx, show_id, brief)
    both = await stage.notice(tx, show_id, fixed)
    assert [each.kind for each in both.notices] == [
        NoticeKind.PRICE_CORRECTED,
        NoticeKind.ANNOUNCEMENT,
    ]

    later = await stage.snapshot(at(tx, timedelta(seconds=61)), show_id)
    assert [each.text for each in later.notices] == ["精华直播价是 99 元"]

    down = await stage.withdraw_notice(tx, show_id, both.notices[0].id)
    assert [each.text for each in down.notices] == ["五分钟后抽奖"]
    with pytest.raises(NoticeNotFound):
        await stage.withdraw_notice(tx, show_id, new_id())


async def test_a_cue_pins_its_product_and_fires_its_promotion_for_its_minutes(tx: Tx) -> None:
    product = await product_on_sale(tx, price=10_000, stock=50)
    show_id = await on_air(tx, [product])
    sku = product.skus[0].id
    promotion = await promotions.add(
        tx,
        PutPromotion(
            name="十二分钟特价",
            venue_id=show_id,
            starts_at=tx.now + timedelta(days=1),
            ends_at=tx.now + timedelta(days=2),
            rule=TimedDiscount(),
            items=[PutItem(sku_id=sku, price=6_000)],
            version=None,
        ),
    )
    cue_id = await with_cue(tx, show_id, product_id=product.id, promotion_id=promotion.id)

    view = await stage.start_cue(tx, show_id, cue_id)

    assert view.pinned_product_id == product.id
    fired = await promotions.get(tx, promotion.id)
    assert (fired.state, fired.ends_at) == (PromotionState.RUNNING, tx.now + timedelta(minutes=12))
    assert (await stage.snapshot(tx, show_id)).items[0].skus[0].price == 6_000
    assert "shows.cue_fired" in await kinds(tx, show_id)


async def test_a_promotion_that_cannot_begin_does_not_hold_the_cue_up(tx: Tx) -> None:
    product = await product_on_sale(tx)
    show_id = await on_air(tx, [product])
    promotion = await promotions.add(
        tx,
        PutPromotion(
            name="已经结束的特价",
            venue_id=show_id,
            starts_at=tx.now,
            ends_at=tx.now + timedelta(hours=1),
            rule=TimedDiscount(),
            items=[PutItem(sku_id=product.skus[0].id, price=6_000)],
            version=None,
        ),
    )
    await promotions.schedule(tx, promotion.id)
    await promotions.end(tx, promotion.id)
    cue_id = await with_cue(tx, show_id, promotion_id=promotion.id)

    view = await stage.start_cue(tx, show_id, cue_id)

    assert view.cue_id == cue_id
    (fired,) = [
        past
        for past in await latest(tx, show_id, before=None, limit=50)
        if past.name == "shows.cue_fired"
    ]
    assert fired.payload["reason"] == "IllegalPromotionMove"


async def test_a_rehearsal_fires_no_promotion_and_leaves_nothing_standing(tx: Tx) -> None:
    product = await product_on_sale(tx)
    show_id = await planned_show(tx, [product])
    promotion = await promotions.add(
        tx,
        PutPromotion(
            name="十二分钟特价",
            venue_id=show_id,
            starts_at=tx.now + timedelta(days=1),
            ends_at=tx.now + timedelta(days=2),
            rule=TimedDiscount(),
            items=[PutItem(sku_id=product.skus[0].id, price=6_000)],
            version=None,
        ),
    )
    cue_id = await with_cue(tx, show_id, product_id=product.id, promotion_id=promotion.id)
    await shows.rehearse(tx, show_id)
    await stage.set_pace(tx, show_id, 60)
    await stage.start_cue(tx, show_id, cue_id)
    await stage.set_slow(tx, show_id, 10)
    await stage.set_text_room(tx, show_id, on=True)
    await stage.notice(tx, show_id, PutNotice(kind=NoticeKind.CORRECTION, text="更正"))

    assert (await promotions.get(tx, promotion.id)).state is PromotionState.DRAFT
    await stage.clear(tx, show_id)

    view = await stage.snapshot(tx, show_id)
    assert (view.pinned_product_id, view.cue_id, view.notices) == (None, None, [])
    assert (view.text_room, view.slow_seconds, view.pace) == (False, 0, 1)


async def test_a_new_order_of_the_shelf_survives_a_change_of_the_plan(tx: Tx) -> None:
    one, two, three = [await product_on_sale(tx) for _ in range(3)]
    show_id = await on_air(tx, [one, two, three])

    moved = await stage.move_item(tx, show_id, three.id, 0)
    assert [item.product_id for item in moved.items] == [three.id, one.id, two.id]

    again = await stage.publish(tx, show_id)
    assert [item.product_id for item in again.items] == [three.id, one.id, two.id]


async def test_of_two_who_act_at_the_same_moment_one_is_first(
    database: Database, merchant_id: UUID
) -> None:
    async with database.begin(Actor(merchant_id, Role.OWNER, new_id())) as tx:
        products = [await product_on_sale(tx) for _ in range(2)]
        show_id = await on_air(tx, products)
        seen = (await stage.snapshot(tx, show_id)).acts
        actors = [(await colleague(tx, name)).actor for name in ("阿诚", "小满")]

    async def pin(actor: Actor, product_id: UUID) -> bool:
        try:
            async with database.begin(actor) as tx:
                await stage.pin(tx, show_id, product_id, seen=seen)
        except StageMoved:
            return False
        return True

    acts = [pin(actor, product.id) for actor, product in zip(actors, products, strict=True)]
    assert sorted(await asyncio.gather(*acts)) == [False, True]
