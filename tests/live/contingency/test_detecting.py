"""What the system notices by itself: once, and closed again when it is over."""

import asyncio
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import update

from tests.live.contingency.support import show_with_hero
from tests.support import NOW
from xinbo.commerce.inventory import Take, release, reserve
from xinbo.engines.bus import Bus
from xinbo.engines.events import Fact
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Actor, Database, Tx, system
from xinbo.kit.ids import new_id
from xinbo.live import broadcasts, contingency, shows, stage
from xinbo.live.broadcasts import VideoChanged, VideoState
from xinbo.live.broadcasts._models import BroadcastRow
from xinbo.live.contingency import (
    Incident,
    IncidentKind,
    IncidentOutcome,
    OpenIncident,
    StepAction,
    TickStep,
)
from xinbo.live.contingency._reactions import on_video_changed, watch_heroes
from xinbo.live.contingency._service.detecting import look_at_heroes, look_for_pictures

pytestmark = pytest.mark.anyio


async def all_of(tx: Tx, show_id: UUID) -> list[Incident]:
    return (await contingency.incidents(tx, show_id)).items


async def on_air(tx: Tx) -> UUID:
    show_id, _, _ = await show_with_hero(tx)
    await shows.start(tx, show_id)
    await broadcasts.stream_key(tx, show_id)
    return show_id


def video(show_id: UUID, state: VideoState) -> VideoChanged:
    return VideoChanged(show_id=show_id, state=state, playback_path=None)


async def set_video(tx: Tx, show_id: UUID, state: VideoState) -> None:
    await tx.db.execute(
        update(BroadcastRow).where(BroadcastRow.show_id == show_id).values(state=state)
    )


async def test_pictures_that_stay_away_open_one_incident(tx: Tx, jobs: RecordedJobs) -> None:
    own = tx.acting(system(tx.merchant_id))
    show_id = await on_air(tx)
    await on_video_changed(own, video(show_id, VideoState.OFFLINE))
    assert any(key.startswith(f"pictures-{show_id}") for key in jobs.started)
    assert await all_of(tx, show_id) == []  # the backup has three seconds

    await look_for_pictures(own, str(show_id))
    await look_for_pictures(own, str(show_id))

    (only,) = await all_of(tx, show_id)
    assert (only.kind, only.detected, only.opened_by) == (IncidentKind.STREAM_DOWN, True, None)
    assert only.affected.video == "offline"


async def test_pictures_that_come_back_in_time_open_none(tx: Tx) -> None:
    own = tx.acting(system(tx.merchant_id))
    show_id = await on_air(tx)
    await set_video(tx, show_id, VideoState.LIVE)
    await look_for_pictures(own, str(show_id))
    assert await all_of(tx, show_id) == []


async def test_when_the_pictures_are_back_the_incident_closes_with_its_text_room(tx: Tx) -> None:
    own = tx.acting(system(tx.merchant_id))
    show_id = await on_air(tx)
    await look_for_pictures(own, str(show_id))
    (incident,) = await all_of(tx, show_id)
    at = next(at for at, step in enumerate(incident.steps) if step.action is StepAction.TEXT_ROOM)
    await contingency.tick(tx, incident.id, TickStep(position=at))

    await on_video_changed(own, video(show_id, VideoState.LIVE))

    (closed,) = await all_of(tx, show_id)
    assert (closed.outcome, closed.closed_by) == (IncidentOutcome.RESOLVED, None)
    now = await stage.snapshot(tx, show_id)
    assert (now.text_room, now.notices) == (False, [])


async def test_what_an_operator_opened_the_operator_closes(tx: Tx) -> None:
    own = tx.acting(system(tx.merchant_id))
    show_id = await on_air(tx)
    await contingency.open(tx, show_id, OpenIncident(kind=IncidentKind.STREAM_DOWN))
    await look_for_pictures(own, str(show_id))
    await on_video_changed(own, video(show_id, VideoState.LIVE))
    (only,) = await all_of(tx, show_id)
    assert (only.detected, only.closed_at) == (False, None)


async def test_a_show_off_air_has_no_pictures_to_lose(tx: Tx, jobs: RecordedJobs) -> None:
    own = tx.acting(system(tx.merchant_id))
    show_id, _, _ = await show_with_hero(tx)
    await on_video_changed(own, video(show_id, VideoState.OFFLINE))
    await look_for_pictures(own, str(show_id))
    assert not [key for key in jobs.started if key.startswith("pictures-")]
    assert await all_of(tx, show_id) == []


async def test_a_hero_that_runs_out_opens_one_incident_until_there_is_more(tx: Tx) -> None:
    own = tx.acting(system(tx.merchant_id))
    show_id, hero, other = await show_with_hero(tx, stock=3)
    await shows.start(tx, show_id)
    await look_at_heroes(own, show_id)
    assert await all_of(tx, show_id) == []
    holders = {product.id: new_id() for product in (hero, other)}
    for product in (hero, other):
        take = Take(sku_id=product.skus[0].id, pool_id=show_id, quantity=3)
        await reserve(tx, holders[product.id], [take])

    await look_at_heroes(own, show_id)
    await look_at_heroes(own, show_id)

    (only,) = await all_of(tx, show_id)
    assert (only.kind, only.affected.product_id) == (IncidentKind.STOCK_OUT, hero.id)
    await release(tx, holders[hero.id])
    await look_at_heroes(own, show_id)
    (closed,) = await all_of(tx, show_id)
    assert closed.outcome is IncidentOutcome.RESOLVED


async def test_the_worker_looks_when_stock_changed(
    database: Database, owner: Actor, bus: Bus
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id, hero, _ = await show_with_hero(tx, stock=1)
        await shows.start(tx, show_id)
    watching = asyncio.create_task(watch_heroes(database, bus))
    await asyncio.sleep(0.2)
    async with database.begin(owner, NOW) as tx:
        take = Take(sku_id=hero.skus[0].id, pool_id=show_id, quantity=1)
        await reserve(tx, new_id(), [take])
    fact = Fact(
        id=new_id(),
        seq=1,
        type="orders.placed",
        merchant_id=owner.merchant_id,
        actor_id=None,
        at=NOW,
        payload={},
    )
    async with asyncio.timeout(15):
        await bus.publish(f"facts.{owner.merchant_id}.orders.placed", msgspec.json.encode(fact))
        while True:
            async with database.begin(owner) as tx:
                found = await all_of(tx, show_id)
            if found:
                break
            await asyncio.sleep(0.2)
    watching.cancel()
    assert [each.kind for each in found] == [IncidentKind.STOCK_OUT]
