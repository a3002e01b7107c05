"""A playbook runs: each step once, by whom and when, doing what it says."""

import asyncio
from uuid import UUID

import msgspec
import pytest

from tests.live.contingency.support import show_with_hero
from tests.support import NOW
from xinbo.engines.history import history
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.identity.accounts import AddStaff
from xinbo.kit.ids import new_id
from xinbo.live import chat, contingency, shows, stage
from xinbo.live.broadcasts import SourceSilent
from xinbo.live.contingency import (
    CloseIncident,
    Incident,
    IncidentKind,
    IncidentMoved,
    IncidentNotFound,
    IncidentOutcome,
    IncidentOver,
    IncidentRuns,
    OpenIncident,
    ProductMissing,
    StepAction,
    StepNotFound,
    TickStep,
)
from xinbo.live.contingency import _reactions as contingency_reactions
from xinbo.live.shows import ShowStatus
from xinbo.live.stage import NotOnAir, NotOnLineUp

pytestmark = pytest.mark.anyio


def place(incident: Incident, action: StepAction) -> int:
    """Find the step that does this."""
    return next(at for at, step in enumerate(incident.steps) if step.action is action)


async def begun(tx: Tx, kind: IncidentKind, product_id: UUID | None = None) -> Incident:
    """Go on air with a fresh show and start the playbook of this kind."""
    show_id, _, _ = await show_with_hero(tx)
    await shows.start(tx, show_id)
    return await contingency.open(tx, show_id, OpenIncident(kind=kind, product_id=product_id))


async def test_an_incident_keeps_the_steps_it_began_with_and_who_ticked_them(tx: Tx) -> None:
    someone = await accounts.add_staff(
        tx,
        AddStaff(
            email=f"{new_id()}@m.example", name="阿青", role=Role.OPERATOR, password="correct horse"
        ),
    )
    operator = tx.acting(Actor(tx.merchant_id, Role.OPERATOR, someone.id))
    incident = await begun(operator, IncidentKind.HOST_ABSENT)

    ticked = await contingency.tick(
        operator, incident.id, TickStep(position=0, seen=incident.version)
    )
    skipped = await contingency.tick(operator, incident.id, TickStep(position=1, skip=True))
    closed = await contingency.close(
        operator, incident.id, CloseIncident(outcome=IncidentOutcome.RESOLVED, note=" 主播回来了 ")
    )

    assert (incident.opened_by, ticked.steps[0].done_by) == ("阿青", "阿青")
    assert (ticked.steps[0].done_at, ticked.steps[0].skipped) == (NOW, False)
    assert (skipped.steps[1].skipped, skipped.steps[2].done_at) == (True, None)
    assert (closed.outcome, closed.outcome_note, closed.affected.seconds) == (
        IncidentOutcome.RESOLVED,
        "主播回来了",
        0,
    )
    told = [fact.name for fact in await history(tx, incident.show_id, 1000)]
    wanted = [name for name in told if name.startswith("incidents.")]
    assert wanted == [
        "incidents.opened",
        "incidents.step_ticked",
        "incidents.step_ticked",
        "incidents.closed",
    ]


async def test_the_price_is_corrected_before_everybody(tx: Tx) -> None:
    show_id, hero, _ = await show_with_hero(tx)
    await shows.start(tx, show_id)
    incident = await contingency.open(
        tx, show_id, OpenIncident(kind=IncidentKind.WRONG_PRICE, product_id=hero.id)
    )
    at = place(incident, StepAction.PRICE_CORRECTED)
    await contingency.tick(tx, incident.id, TickStep(position=at, text="这一款是 ¥80，不是 ¥8"))
    (notice,) = (await stage.snapshot(tx, show_id)).notices
    assert (notice.kind, notice.text, notice.product_id) == (
        "price_corrected",
        "这一款是 ¥80，不是 ¥8",
        hero.id,
    )
    assert incident.affected.product_title == hero.title


async def test_a_product_that_ran_out_is_marked_and_replaced(tx: Tx) -> None:
    show_id, hero, other = await show_with_hero(tx)
    await shows.start(tx, show_id)
    await stage.pin(tx, show_id, hero.id)
    incident = await contingency.open(
        tx, show_id, OpenIncident(kind=IncidentKind.STOCK_OUT, product_id=hero.id)
    )
    assert incident.affected.pinned_product_id == hero.id
    mark, replace = (
        place(incident, StepAction.SOLD_OUT),
        place(incident, StepAction.REPLACE_PRODUCT),
    )
    await contingency.tick(tx, incident.id, TickStep(position=mark))
    with pytest.raises(ProductMissing):
        await contingency.tick(tx, incident.id, TickStep(position=replace))
    with pytest.raises(NotOnLineUp):
        await contingency.tick(tx, incident.id, TickStep(position=replace, product_id=new_id()))
    done = await contingency.tick(tx, incident.id, TickStep(position=replace, product_id=other.id))
    now = await stage.snapshot(tx, show_id)
    assert now.pinned_product_id == other.id
    assert [item.sold_out for item in now.items] == [True, False]
    assert [(notice.kind, notice.product_id) for notice in now.notices] == [
        ("replacement", other.id)
    ]
    assert done.steps[replace].product_id == other.id


async def test_the_text_room_opens_and_closes_again(tx: Tx) -> None:
    incident = await begun(tx, IncidentKind.STREAM_DOWN)
    on, off = place(incident, StepAction.TEXT_ROOM), place(incident, StepAction.TEXT_ROOM_OFF)
    await contingency.tick(tx, incident.id, TickStep(position=on))
    now = await stage.snapshot(tx, incident.show_id)
    assert (now.text_room, [notice.kind for notice in now.notices]) == (True, ["text_room"])
    await contingency.tick(tx, incident.id, TickStep(position=off))
    after = await stage.snapshot(tx, incident.show_id)
    assert (after.text_room, after.notices) == (False, [])


async def test_chat_slows_down_and_is_held_until_it_is_released(tx: Tx) -> None:
    incident = await begun(tx, IncidentKind.HOSTILE_CHAT)

    async def tick(action: StepAction, seconds: int | None = None) -> None:
        at = place(incident, action)
        await contingency.tick(tx, incident.id, TickStep(position=at, seconds=seconds))

    await tick(StepAction.SLOW_MODE, 45)
    await tick(StepAction.HOLD_CHAT)
    assert (await stage.snapshot(tx, incident.show_id)).slow_seconds == 45
    assert (await chat.room_rules(tx, incident.show_id)).hold_all
    await tick(StepAction.RELEASE_CHAT)
    await tick(StepAction.SLOW_MODE_OFF)
    assert (await stage.snapshot(tx, incident.show_id)).slow_seconds == 0
    assert not (await chat.room_rules(tx, incident.show_id)).hold_all


async def test_a_backup_without_pictures_is_refused_on_air_and_counts_in_a_rehearsal(
    tx: Tx,
) -> None:
    live = await begun(tx, IncidentKind.STREAM_DOWN)
    at = place(live, StepAction.BACKUP_STREAM)
    with pytest.raises(SourceSilent):
        await contingency.tick(tx, live.id, TickStep(position=at))
    await contingency.tick(tx, live.id, TickStep(position=at, skip=True))

    show_id, _, _ = await show_with_hero(tx)
    await shows.rehearse(tx, show_id)
    drill = await contingency.open(
        tx, show_id, OpenIncident(kind=IncidentKind.STREAM_DOWN, drill=True)
    )
    ticked = await contingency.tick(tx, drill.id, TickStep(position=at))
    assert (drill.rehearsal, drill.drill, ticked.steps[at].skipped) == (True, True, False)


async def test_a_colleague_who_was_faster_is_named(tx: Tx) -> None:
    someone = await accounts.add_staff(
        tx,
        AddStaff(
            email=f"{new_id()}@m.example", name="阿青", role=Role.OPERATOR, password="correct horse"
        ),
    )
    incident = await begun(tx, IncidentKind.OTHER)
    faster = tx.acting(Actor(tx.merchant_id, Role.OPERATOR, someone.id))
    await contingency.tick(faster, incident.id, TickStep(position=0, seen=1))
    with pytest.raises(IncidentMoved) as moved:
        await contingency.tick(tx, incident.id, TickStep(position=1, seen=1))
    assert moved.value.facts == {"by": "阿青", "what": "ticked", "at": NOW, "version": 2}
    with pytest.raises(IncidentMoved):
        await contingency.tick(tx, incident.id, TickStep(position=0))
    with pytest.raises(StepNotFound):
        await contingency.tick(tx, incident.id, TickStep(position=19))


async def test_of_many_who_tick_a_step_at_once_one_does_it(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        incident = await begun(tx, IncidentKind.OTHER)
    at = place(incident, StepAction.NOTICE)

    async def tick() -> bool:
        try:
            async with database.begin(owner) as tx:
                await contingency.tick(tx, incident.id, TickStep(position=at))
        except IncidentMoved:
            return False
        return True

    assert sum(await asyncio.gather(*(tick() for _ in range(5)))) == 1
    async with database.begin(owner) as tx:
        assert len((await stage.snapshot(tx, incident.show_id)).notices) == 1


async def test_of_many_who_start_a_playbook_at_once_one_does(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        show_id, hero, _ = await show_with_hero(tx)
        await shows.start(tx, show_id)

    async def start(product_id: UUID | None) -> bool:
        command = OpenIncident(kind=IncidentKind.WRONG_PRICE, product_id=product_id)
        try:
            async with database.begin(owner) as tx:
                await contingency.open(tx, show_id, command)
        except IncidentRuns:
            return False
        return True

    begun = await asyncio.gather(*(start(which) for which in (None, hero.id) * 3))
    assert sum(begun) == 2  # one for the show, one for the product
    async with database.begin(owner) as tx:
        listed = await contingency.incidents(tx, show_id, is_open=True)
        assert len(listed.items) == 2


async def test_what_is_closed_stays_as_it_is_and_may_happen_again(tx: Tx) -> None:
    incident = await begun(tx, IncidentKind.OTHER)
    closing = CloseIncident(outcome=IncidentOutcome.FALSE_ALARM)
    await contingency.close(tx, incident.id, closing)
    with pytest.raises(IncidentOver):
        await contingency.close(tx, incident.id, closing)
    with pytest.raises(IncidentOver):
        await contingency.tick(tx, incident.id, TickStep(position=0))
    again = await contingency.open(tx, incident.show_id, OpenIncident(kind=IncidentKind.OTHER))
    listed = await contingency.incidents(tx, incident.show_id, limit=1)
    rest = await contingency.incidents(tx, incident.show_id, listed.next, 1)
    assert [each.id for each in listed.items + rest.items] == [again.id, incident.id]
    assert (await contingency.incident(tx, again.id)) == again


async def test_nothing_goes_wrong_in_a_show_that_is_not_on_air(tx: Tx) -> None:
    show_id, _, _ = await show_with_hero(tx)
    with pytest.raises(NotOnAir):
        await contingency.open(tx, show_id, OpenIncident(kind=IncidentKind.OTHER))


async def test_a_rehearsal_leaves_nothing_open(tx: Tx) -> None:
    show_id, _, _ = await show_with_hero(tx)
    await shows.rehearse(tx, show_id)
    await contingency.open(tx, show_id, OpenIncident(kind=IncidentKind.OTHER))
    await shows.MOVES["end-rehearsal"](tx, show_id)
    await contingency_reactions.on_show_changed(
        tx, shows.ShowChanged(show_id=show_id, status=ShowStatus.DRAFT)
    )
    (only,) = (await contingency.incidents(tx, show_id)).items
    assert only.outcome is IncidentOutcome.SHOW_OVER


async def test_the_staff_who_run_shows_act_and_others_of_the_shop_only_look(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(owner) as tx:
        incident = await begun(tx, IncidentKind.OTHER)
    async with database.begin(Actor(owner.merchant_id, Role.SERVICE, new_id())) as tx:
        assert (await contingency.incident(tx, incident.id)).id == incident.id
        with pytest.raises(NotPermitted):
            await contingency.tick(tx, incident.id, TickStep(position=0))
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id())) as tx:
        with pytest.raises(IncidentNotFound):
            await contingency.incident(tx, incident.id)


async def test_what_everybody_hears_holds_no_note(tx: Tx) -> None:
    show_id, _, _ = await show_with_hero(tx)
    await shows.start(tx, show_id)
    await contingency.open(
        tx, show_id, OpenIncident(kind=IncidentKind.OTHER, note="客户王女士 138 说了难听的话")
    )
    for fact in await history(tx, show_id, 1000):
        assert "王女士" not in msgspec.json.encode(fact.payload).decode()
