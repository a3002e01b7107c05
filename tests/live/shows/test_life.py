"""A show goes from draft to replay, once, and only where it can."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.support import NOW, planned_show, product_on_sale
from xinbo.commerce import inventory, offers
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id
from xinbo.live import shows
from xinbo.live.shows import (
    IllegalShowTransition,
    LineUpEmpty,
    LineUpLocked,
    LineUpRefused,
    PutCue,
    PutCues,
    PutLineUp,
    PutLineUpItem,
    PutLineUpSku,
    PutShow,
    ShowNotFound,
    ShowStatus,
    StartTimeMissing,
    VersionConflict,
)
from xinbo.live.shows._rules import NEXT, move

pytestmark = pytest.mark.anyio


def particulars(**changes: object) -> PutShow:
    fields: dict[str, object] = {
        "title": "初秋专场",
        "summary": "",
        "cover_url": None,
        "host_name": "苏木",
        "host_avatar_url": None,
        "starts_at": None,
        "planned_minutes": 60,
        "version": None,
    }
    return PutShow(**(fields | changes))  # pyright: ignore[reportArgumentType]


async def test_going_live_sets_stock_aside_and_opens_the_price(tx: Tx) -> None:
    product = await product_on_sale(tx, price=10_000, stock=100)
    sku = product.skus[0].id
    show_id = await planned_show(tx, [product], price=8_000, stock=30)

    plan = await shows.start(tx, show_id)

    assert (plan.show.status, plan.show.live_at) == (ShowStatus.LIVE, NOW)
    left = await inventory.left(tx, [(sku, NIL), (sku, show_id)])
    assert left == {(sku, NIL): 70, (sku, show_id): 30}
    assert (await offers.quote(tx, [sku], show_id))[sku].price == 8_000
    assert (await offers.quote(tx, [sku], None))[sku].price == 10_000


async def test_ending_closes_the_price_and_gives_stock_back(tx: Tx) -> None:
    product = await product_on_sale(tx, price=10_000, stock=100)
    sku = product.skus[0].id
    show_id = await planned_show(tx, [product], stock=30)
    await shows.start(tx, show_id)

    plan = await shows.end(tx, show_id)

    assert plan.show.status is ShowStatus.ENDED
    assert (await inventory.left(tx, [(sku, NIL)]))[sku, NIL] == 100
    assert (await offers.quote(tx, [sku], show_id))[sku].price == 10_000


async def test_going_live_twice_and_ending_twice_are_refused(tx: Tx) -> None:
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    await shows.start(tx, show_id)
    with pytest.raises(IllegalShowTransition) as refusal:
        await shows.start(tx, show_id)
    assert refusal.value.facts == {"status": ShowStatus.LIVE, "wanted": ShowStatus.LIVE}
    await shows.end(tx, show_id)
    with pytest.raises(IllegalShowTransition):
        await shows.end(tx, show_id)


async def test_an_empty_line_up_cannot_go_live_or_be_rehearsed(tx: Tx) -> None:
    plan = await shows.add(tx, particulars())
    for wish in (shows.start, shows.rehearse):
        with pytest.raises(LineUpEmpty):
            async with tx.db.begin_nested():
                await wish(tx, plan.show.id)


async def test_more_stock_than_there_is_cannot_be_set_aside(tx: Tx) -> None:
    show_id = await planned_show(tx, [await product_on_sale(tx, stock=5)], stock=6)
    with pytest.raises(inventory.OutOfStock):
        await shows.start(tx, show_id)


async def test_a_show_is_scheduled_for_a_moment_to_come(tx: Tx) -> None:
    for moment in (None, NOW - timedelta(seconds=1)):
        plan = await shows.add(tx, particulars(starts_at=moment))
        with pytest.raises(StartTimeMissing):
            async with tx.db.begin_nested():
                await shows.schedule(tx, plan.show.id)
    plan = await shows.add(tx, particulars(starts_at=NOW + timedelta(days=1)))
    assert (await shows.schedule(tx, plan.show.id)).show.status is ShowStatus.SCHEDULED


async def test_two_editors_never_overwrite_each_other(tx: Tx) -> None:
    plan = await shows.add(tx, particulars())
    await shows.put(tx, plan.show.id, particulars(title="先到", version=plan.version))
    with pytest.raises(VersionConflict) as refusal:
        await shows.put(tx, plan.show.id, particulars(title="后到", version=plan.version))
    assert refusal.value.facts == {"version": plan.version + 1}
    assert (await shows.plan(tx, plan.show.id)).show.title == "先到"


async def test_the_line_up_is_locked_when_the_show_is_over(tx: Tx) -> None:
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    await shows.start(tx, show_id)
    plan = await shows.end(tx, show_id)
    with pytest.raises(LineUpLocked):
        await shows.put_line_up(tx, show_id, PutLineUp(items=[], version=plan.version))


async def test_a_price_changed_on_air_holds_at_once(tx: Tx) -> None:
    product = await product_on_sale(tx, price=10_000, stock=50)
    sku = product.skus[0].id
    show_id = await planned_show(tx, [product], price=8_000, stock=10)
    plan = await shows.start(tx, show_id)
    item = PutLineUpItem(
        product_id=product.id,
        talking_points="",
        skus=[PutLineUpSku(sku_id=sku, price=7_500, stock=20)],
    )
    await shows.put_line_up(tx, show_id, PutLineUp(items=[item], version=plan.version))
    assert (await offers.quote(tx, [sku], show_id))[sku].price == 7_500
    assert (await inventory.left(tx, [(sku, show_id)]))[sku, show_id] == 20


@pytest.mark.parametrize(
    ("reason", "price"), [("price_above_list", 10_001), ("sku_unknown", 1), ("product_repeated", 1)]
)
async def test_a_line_up_says_what_is_wrong_with_it(reason: str, price: int, tx: Tx) -> None:
    product = await product_on_sale(tx, price=10_000)
    plan = await shows.add(tx, particulars())
    sku = new_id() if reason == "sku_unknown" else product.skus[0].id
    item = PutLineUpItem(
        product_id=product.id,
        talking_points="",
        skus=[PutLineUpSku(sku_id=sku, price=price, stock=None)],
    )
    items = [item, item] if reason == "product_repeated" else [item]
    with pytest.raises(LineUpRefused) as refusal:
        await shows.put_line_up(tx, plan.show.id, PutLineUp(items=items, version=plan.version))
    assert refusal.value.facts["reason"] == reason


async def test_cues_stand_in_their_order_and_name_products_of_the_line_up(tx: Tx) -> None:
    product = await product_on_sale(tx)
    show_id = await planned_show(tx, [product])
    plan = await shows.plan(tx, show_id)
    cue = PutCue(kind=shows.CueKind.STORY, title="开场", minutes=5, product_id=None, notes="")
    other = PutCue(
        kind=shows.CueKind.PRODUCT, title="讲解", minutes=9, product_id=product.id, notes=""
    )
    plan = await shows.put_cues(tx, show_id, PutCues(cues=[other, cue], version=plan.version))
    assert [each.title for each in plan.cues] == ["讲解", "开场"]
    stranger = PutCue(
        kind=shows.CueKind.PRODUCT, title="别的", minutes=1, product_id=new_id(), notes=""
    )
    with pytest.raises(LineUpRefused):
        await shows.put_cues(tx, show_id, PutCues(cues=[stranger], version=plan.version))


async def test_only_drafts_can_be_deleted(tx: Tx) -> None:
    draft = await shows.add(tx, particulars())
    await shows.remove(tx, draft.show.id)
    with pytest.raises(ShowNotFound):
        await shows.get(tx, draft.show.id)
    live = await planned_show(tx, [await product_on_sale(tx)])
    await shows.start(tx, live)
    with pytest.raises(IllegalShowTransition):
        await shows.remove(tx, live)


async def test_the_public_sees_what_is_announced_and_no_draft(
    database: Database, merchant_id: UUID, other_merchant_id: UUID, owner: Actor
) -> None:
    async with database.begin(owner, NOW) as tx:
        draft = await shows.add(tx, particulars())
        told = await shows.add(tx, particulars(starts_at=NOW + timedelta(days=1)))
        await shows.schedule(tx, told.show.id)
    seen: dict[Role, set[UUID]] = {}
    for role in (Role.GUEST, Role.SHOPPER, Role.OWNER):
        for merchant in (merchant_id, other_merchant_id):
            async with database.begin(Actor(merchant, role, new_id()), NOW) as tx:
                seen.setdefault(role, set())
                for show_id in (draft.show.id, told.show.id):
                    try:
                        await shows.get(tx, show_id)
                    except ShowNotFound:
                        continue
                    assert merchant == merchant_id
                    seen[role].add(show_id)
    assert seen == {
        Role.GUEST: {told.show.id},
        Role.SHOPPER: {told.show.id},
        Role.OWNER: {draft.show.id, told.show.id},
    }


async def test_the_list_puts_what_is_on_air_first_and_pages_through_all(
    database: Database, owner: Actor
) -> None:
    made: list[UUID] = []
    async with database.begin(owner, NOW) as tx:
        live = await planned_show(tx, [await product_on_sale(tx)])
        await shows.start(tx, live)
        for _ in range(4):
            plan = await shows.add(tx, particulars(starts_at=NOW + timedelta(days=1)))
            await shows.schedule(tx, plan.show.id)
            made.append(plan.show.id)
    listed: list[UUID] = []
    cursor: str | None = None
    while True:
        async with database.begin(Actor(owner.merchant_id, Role.GUEST), NOW) as tx:
            page = await shows.page_of(tx, None, cursor, 2)
        listed += [show.id for show in page.items]
        if (cursor := page.next) is None:
            break
    assert listed == [live, *reversed(made)]


async def test_a_host_runs_shows_and_plans_none(database: Database, owner: Actor) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await planned_show(tx, [await product_on_sale(tx)])
    async with database.begin(Actor(owner.merchant_id, Role.HOST, new_id()), NOW) as tx:
        with pytest.raises(NotPermitted):
            await shows.add(tx, particulars())
        await shows.start(tx, show_id)


async def test_every_move_is_on_record(tx: Tx) -> None:
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    await shows.rehearse(tx, show_id)
    await shows.start(tx, show_id)
    await shows.end(tx, show_id)
    log = await tx.db.scalars(
        select(EventRow.type)
        .where(EventRow.merchant_id == tx.merchant_id, EventRow.type.like("shows.%"))
        .order_by(EventRow.seq)
    )
    assert [each for each in log if each != "shows.changed"] == ["shows.started", "shows.ended"]


@given(st.lists(st.sampled_from(ShowStatus)))
def test_a_show_that_was_live_is_never_planned_again(wishes: list[ShowStatus]) -> None:
    now, was_live = ShowStatus.DRAFT, False
    for wish in wishes:
        if wish in NEXT[now]:
            now = move(now, wish)
        was_live = was_live or now is ShowStatus.LIVE
        assert not was_live or now in {ShowStatus.LIVE, ShowStatus.ENDED, ShowStatus.REPLAY}
