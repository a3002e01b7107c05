"""A coupon dropped in a room is on every phone there, and can be had there only."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from tests.support import planned_show, product_on_sale
from xinbo.commerce import promotions
from xinbo.commerce.promotions import (
    Audience,
    CouponNotOnOffer,
    CouponRule,
    DropCoupon,
    Goods,
    PromotionRefused,
    PutPromotion,
)
from xinbo.engines.tx import Actor, Role, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id
from xinbo.live import shows, stage
from xinbo.live.stage import NotOnAir
from xinbo.live.stage._reactions import on_promotion_changed

pytestmark = pytest.mark.anyio

QUICK = DropCoupon(minutes=10, name="手速券", off=1_000, threshold=5_000, total=2)


async def on_air(tx: Tx) -> UUID:
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    await shows.start(tx, show_id)
    return show_id


async def prepared(tx: Tx, show_id: UUID) -> UUID:
    rule = CouponRule(
        goods=Goods(categories=[], products=[], skus=[]),
        threshold=5_000,
        off=2_000,
        rate=None,
        most=None,
        total=1,
        per_person=1,
        audience=Audience.ALL,
        level=0,
        use_from=None,
        use_until=None,
        use_days=3,
    )
    written = await promotions.add(
        tx,
        PutPromotion(
            name="备好的券",
            venue_id=show_id,
            starts_at=tx.now,
            ends_at=tx.now + timedelta(hours=5),
            rule=rule,
            items=[],
            version=None,
        ),
    )
    return written.id


async def test_a_drop_is_on_the_next_stage_and_can_be_claimed_in_the_room(tx: Tx) -> None:
    show_id, who = await on_air(tx), new_id()
    before = await stage.snapshot(tx, show_id)

    after = await stage.drop(tx, show_id, QUICK, "drop-1")

    (drop,) = after.drops
    assert after.seq == before.seq + 1
    assert (drop.name, drop.off, drop.threshold, drop.left) == ("手速券", 1_000, 5_000, 2)
    assert drop.ends_at == tx.now + timedelta(minutes=10)
    coupon = await stage.claim(tx, show_id, who, drop.id, "claim-1")
    assert [each.id for each in await promotions.wallet(tx, who)] == [coupon.id]
    assert (await stage.snapshot(tx, show_id)).drops[0].left == 1
    with pytest.raises(CouponNotOnOffer):
        await promotions.claim(tx, new_id(), drop.id, None, "outside")


async def test_the_same_drop_sent_twice_is_one(tx: Tx) -> None:
    show_id = await on_air(tx)
    await stage.drop(tx, show_id, QUICK, "drop-1")
    assert len((await stage.drop(tx, show_id, QUICK, "drop-1")).drops) == 1


async def test_nothing_is_dropped_or_claimed_off_air(tx: Tx) -> None:
    show_id = await on_air(tx)
    template_id = (await stage.drop(tx, show_id, QUICK, "drop-1")).drops[0].id
    await shows.end(tx, show_id)

    with pytest.raises(NotOnAir):
        await stage.claim(tx, show_id, new_id(), template_id, "claim-1")
    with pytest.raises(NotOnAir):
        await stage.drop(tx, show_id, QUICK, "drop-2")
    assert (await stage.snapshot(tx, show_id)).drops == []


async def test_a_host_drops_what_was_prepared_and_makes_nothing_up(tx: Tx) -> None:
    show_id = await on_air(tx)
    template_id = await prepared(tx, show_id)
    as_host = tx.acting(Actor(tx.merchant_id, Role.HOST, new_id()))

    with pytest.raises(NotPermitted):
        await stage.drop(as_host, show_id, QUICK, "drop-1")
    drop = DropCoupon(minutes=5, template_id=template_id)
    stood = (await stage.drop(as_host, show_id, drop, "drop-2")).drops
    again = (await stage.drop(as_host, show_id, drop, "drop-3")).drops

    assert [(each.id, each.off) for each in stood] == [(template_id, 2_000)]
    assert [each.id for each in again] == [template_id]


async def test_a_drop_that_gives_more_than_its_threshold_is_refused(tx: Tx) -> None:
    """#7: no coupon makes an order free, in a hurry neither."""
    show_id = await on_air(tx)
    with pytest.raises(PromotionRefused):
        await stage.drop(tx, show_id, DropCoupon(minutes=5, off=10, threshold=10), "drop-1")


async def test_the_last_one_claimed_and_the_end_make_a_new_stage(tx: Tx) -> None:
    show_id = await on_air(tx)
    template_id = await prepared(tx, show_id)
    drop = DropCoupon(minutes=5, template_id=template_id)
    before = await stage.drop(tx, show_id, drop, "drop-1")
    await stage.claim(tx, show_id, new_id(), template_id, "claim-1")

    await on_promotion_changed(tx.acting(system(tx.merchant_id)), changed(template_id, show_id))

    after = await stage.snapshot(tx, show_id)
    assert (after.seq, after.drops) == (before.seq + 1, [])


def changed(promotion_id: UUID, show_id: UUID) -> promotions.PromotionChanged:
    told: Mapping[str, object] = {
        "promotionId": str(promotion_id),
        "kind": "coupon",
        "state": "running",
        "venueId": str(show_id),
    }
    return msgspec.convert(told, promotions.PromotionChanged)
