"""A rehearsal runs on its plan, is judged by what people did, and leaves nothing behind."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from tests.live.rehearsals.support import hero_show, later, rehearse, step
from xinbo.engines.db import EventRow
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import new_id
from xinbo.live import chat, contingency, readiness, rehearsals, shows, stage, timeline
from xinbo.live.chat import MessageKind, Said, SaidState, Speaker
from xinbo.live.contingency import CloseIncident, IncidentOutcome, TickStep
from xinbo.live.readiness import Severity, Waive
from xinbo.live.rehearsals import (
    Begin,
    CrowdProfile,
    DrillKind,
    DrillNow,
    DrillState,
    PastShowRefused,
    PutCrowd,
    PutDrill,
    RehearsalNotFound,
    RehearsalOver,
    RehearsalRunning,
    RehearsalState,
)
from xinbo.live.rehearsals._reactions import on_show_changed
from xinbo.live.rehearsals._rules import Deed
from xinbo.live.rehearsals._service import past, playing
from xinbo.live.rehearsals._service.playing import Did
from xinbo.live.rehearsals._service.shelf import Wish
from xinbo.live.shows import ShowChanged, ShowStatus
from xinbo.live.stage import NoticeKind, PutNotice

pytestmark = pytest.mark.anyio

NOTHING_REAL = (
    "order",
    "payment",
    "coupon",
    "stock_movement",
    "reservation",
    "point_move",
    "game_prize",
    "check_in",
    "conversation",
)


async def test_an_autopilot_fires_every_cue_in_order_and_ends(tx: Tx) -> None:
    show_id, _ = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id)
    assert (await stage.console_snapshot(tx, show_id)).pace == 60

    ended = [await step(tx, rehearsal, second) for second in (0.4, 5, 10.5, 20.5, 30.5, 39, 40.5)]

    assert ended == [False] * 6 + [True]
    report = await rehearsals.report(tx, rehearsal.id)
    assert [round(cue.started_minute or -1) for cue in report.cues] == [0, 10, 20, 30]
    assert all(cue.by_autopilot for cue in report.cues)
    assert report.rehearsal.state is RehearsalState.ENDED
    assert report.rehearsal.total_minutes == 40
    told = [moment.kind for moment in (await timeline.page_of(tx, show_id, None, 100)).items]
    assert told.count("shows.cue_started") == 4
    assert told[-1] != "rehearsals.ended"
    assert {"rehearsals.began", "rehearsals.ended"} <= set(told)
    assert (await stage.console_snapshot(tx, show_id)).pinned_product_id is None


async def test_a_worker_that_was_away_still_fires_every_cue(tx: Tx) -> None:
    show_id, _ = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id)
    ended = [await step(tx, rehearsal, 45 + look / 2) for look in range(6)]
    assert ended.index(True) == 4
    cues = (await rehearsals.report(tx, rehearsal.id)).cues
    starts = [cue.started_minute for cue in cues]
    assert None not in starts
    assert starts == sorted(start or 0 for start in starts)


async def test_what_an_operator_starts_by_hand_is_noted_and_judged(tx: Tx) -> None:
    show_id, _ = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id, autopilot=False)
    for place, cue in enumerate(await shows.cues(tx, show_id)):
        own = later(tx, rehearsal.began_at + timedelta(seconds=10 * place + (4 if place else 0)))
        await stage.start_cue(own, show_id, cue.id)
        await playing.begun(own, show_id, cue.id)
    report = await rehearsals.end(
        later(tx, rehearsal.began_at + timedelta(seconds=50)), rehearsal.id
    )
    parts = {part.name: part for part in report.score}
    assert (parts["cues"].done, parts["cues"].out_of, parts["cues"].points) == (1, 4, 25)
    assert (parts["overrun"].reason, parts["overrun"].done) == ("over", 10)
    assert not any(cue.by_autopilot for cue in report.cues)


async def test_a_drill_comes_at_its_minute_and_raises_the_alarm_if_nobody_noticed(
    tx: Tx,
) -> None:
    show_id, (hero, _) = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id, [PutDrill(kind=DrillKind.STOCK_OUT, minute=5)])
    await step(tx, rehearsal, 4.5)
    assert (await rehearsals.report(tx, rehearsal.id)).drills[0].state is DrillState.PLANNED

    await step(tx, rehearsal, 5.2)
    report = await rehearsals.report(tx, rehearsal.id)
    assert (report.drills[0].state, report.drills[0].product_id) == (DrillState.RUNNING, hero.id)
    assert [item.left for item in report.shelf if item.product_id == hero.id] == [0]
    assert (await contingency.incidents(tx, show_id)).items == []

    await step(tx, rehearsal, 13.5)
    (incident,) = (await contingency.incidents(tx, show_id)).items
    assert (incident.drill, incident.rehearsal, incident.kind) == (True, True, "stock_out")
    assert incident.affected.product_id == hero.id


async def test_a_drill_is_judged_by_how_it_was_handled(tx: Tx, owner: Actor) -> None:
    show_id, _ = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id, [PutDrill(kind=DrillKind.HOST_ABSENT, minute=1)])
    await step(tx, rehearsal, 1.1)
    await step(tx, rehearsal, 9.6)
    (incident,) = (await contingency.incidents(tx, show_id)).items
    began = rehearsal.began_at
    for number, position in enumerate((0, 1, 3, 2, 4, 5)):
        own = later(tx, began + timedelta(seconds=15 + number)).acting(owner)
        await contingency.tick(own, incident.id, TickStep(position=position))
    own = later(tx, began + timedelta(seconds=30)).acting(owner)
    await contingency.close(own, incident.id, CloseIncident(outcome=IncidentOutcome.RESOLVED))

    await step(tx, rehearsal, 31)

    (drill,) = (await rehearsals.report(tx, rehearsal.id)).drills
    assert drill.state is DrillState.HANDLED
    assert (drill.steps, drill.steps_done, drill.out_of_order) == (6, 6, 1)
    assert drill.reacted_at == began + timedelta(seconds=15)
    assert drill.points is not None
    assert 85 <= drill.points < 100
    assert all([await step(tx, rehearsal, 40 + look) for look in range(8)][5:])
    report = await rehearsals.report(tx, rehearsal.id)
    assert report.rehearsal.score == drill.points


async def test_an_operator_who_notices_first_is_the_first_reaction(tx: Tx, owner: Actor) -> None:
    show_id, (hero, _) = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id, [PutDrill(kind=DrillKind.WRONG_PRICE, minute=1)])
    await step(tx, rehearsal, 1.1)
    own = later(tx, rehearsal.began_at + timedelta(seconds=4)).acting(owner)
    opened = await contingency.open(
        own,
        show_id,
        contingency.OpenIncident(kind=contingency.IncidentKind.WRONG_PRICE, product_id=hero.id),
    )
    await step(tx, rehearsal, 12)
    (drill,) = (await rehearsals.report(tx, rehearsal.id)).drills
    assert drill.incident_id == opened.id
    assert drill.reacted_at == rehearsal.began_at + timedelta(seconds=4)
    assert len((await contingency.incidents(tx, show_id)).items) == 1


async def test_a_drill_at_once_and_one_nobody_saw_to_is_missed(tx: Tx) -> None:
    show_id, _ = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id, autopilot=False)
    report = await rehearsals.drill_now(tx, rehearsal.id, DrillNow(kind=DrillKind.HOSTILE_CHAT))
    assert [drill.state for drill in report.drills] == [DrillState.RUNNING]
    report = await rehearsals.end(
        later(tx, rehearsal.began_at + timedelta(seconds=40)), rehearsal.id
    )
    assert [(drill.state, drill.points) for drill in report.drills] == [(DrillState.MISSED, 0)]


async def test_the_audience_buys_what_is_planned_and_no_more_and_each_act_once(tx: Tx) -> None:
    show_id, (hero, _) = await hero_show(tx, stock=3)
    rehearsal = await rehearse(tx, show_id, size=50)
    wishes = [Wish(f"buy:{each}", each, hero.id, 0.5) for each in range(5)]
    own = later(tx, rehearsal.began_at)

    first = await playing.count(own, rehearsal.id, Did(50, 50, 7, 9, wishes[:2]))
    again = await playing.count(own, rehearsal.id, Did(50, 48, 1, 0, wishes))

    assert (first, again) == ({hero.id: 2}, {hero.id: 1})
    report = await rehearsals.report(tx, rehearsal.id)
    assert [(item.left, item.sold) for item in report.shelf if item.product_id == hero.id] == [
        (0, 3)
    ]
    figures = report.rehearsal.figures
    assert (figures.purchases, figures.turnover) == (3, 3 * 8_000)
    assert (figures.messages, figures.likes, figures.peak) == (8, 9, 50)


async def test_nothing_real_is_left_and_the_show_stands_where_it_stood(tx: Tx) -> None:
    show_id, (hero, _) = await hero_show(tx)
    counted = {name: await rows_of(tx, name) for name in NOTHING_REAL}
    rehearsal = await rehearse(tx, show_id, size=20)
    await stage.pin(tx, show_id, hero.id)
    await stage.mark_sold_out(tx, show_id, hero.id, sold_out=True)
    await stage.notice(tx, show_id, PutNotice(kind=NoticeKind.ANNOUNCEMENT, text="马上回来"))
    await stage.set_text_room(tx, show_id, on=True)
    await stage.set_slow(tx, show_id, 30)
    wishes = [Wish(f"buy:{each}", each, hero.id, 0.5) for each in range(5)]
    await playing.count(later(tx, tx.now), rehearsal.id, Did(20, 20, 0, 0, wishes))

    await rehearsals.end(tx, rehearsal.id)

    after = await stage.console_snapshot(tx, show_id)
    assert after.show.status is ShowStatus.DRAFT
    assert (after.pace, after.text_room, after.slow_seconds, after.notices) == (1, False, 0, [])
    assert (after.pinned_product_id, after.cue_id) == (None, None)
    assert not any(item.sold_out for item in after.items)
    assert {name: await rows_of(tx, name) for name in NOTHING_REAL} == counted
    told = set(
        await tx.db.scalars(
            select(EventRow.type).where(EventRow.merchant_id == tx.merchant_id).distinct()
        )
    )
    assert not any(name.startswith(("orders.", "payments.", "inventory.sold")) for name in told)


async def test_one_rehearsal_at_a_time_and_they_are_numbered(tx: Tx) -> None:
    show_id, _ = await hero_show(tx)
    first = await rehearse(tx, show_id)
    with pytest.raises(RehearsalRunning):
        await rehearse(tx, show_id)
    await rehearsals.end(tx, first.id)
    second = await rehearse(tx, show_id)
    await rehearsals.end(tx, second.id)
    with pytest.raises(RehearsalOver):
        await rehearsals.end(tx, second.id)
    page = await rehearsals.page_of(tx, show_id, None, 1)
    assert [each.number for each in page.items] == [2]
    page = await rehearsals.page_of(tx, show_id, page.next, 5)
    assert [each.number for each in page.items] == [1]


async def test_a_show_that_goes_on_air_leaves_nothing_of_its_rehearsal(tx: Tx) -> None:
    show_id, (hero, _) = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id)
    await stage.mark_sold_out(tx, show_id, hero.id, sold_out=True)
    await chat.hold_chat(tx, show_id, on=True)
    for each in (await readiness.check(tx, show_id)).checks:
        if each.severity is Severity.BLOCK:
            await readiness.waive(tx, show_id, Waive(key=each.key, reason="彩排后直接开播"))
    await readiness.go_live(tx, show_id)
    await stage.pin(tx, show_id, hero.id)

    await on_show_changed(later(tx, tx.now), ShowChanged(show_id=show_id, status=ShowStatus.LIVE))

    report = await rehearsals.report(tx, rehearsal.id)
    assert report.rehearsal.interrupted
    after = await stage.console_snapshot(tx, show_id)
    assert (after.show.status, after.pace) == (ShowStatus.LIVE, 1)
    assert after.pinned_product_id == hero.id
    assert not any(item.sold_out for item in after.items)
    assert not (await chat.rules(tx, show_id)).hold_all


async def test_a_rehearsal_that_was_ended_by_the_shows_own_move_is_judged_and_cleared(
    tx: Tx,
) -> None:
    show_id, (hero, _) = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id)
    await stage.pin(tx, show_id, hero.id)
    plan = await shows.MOVES["end-rehearsal"](tx, show_id)
    own = later(tx, tx.now)
    await on_show_changed(own, ShowChanged(show_id=show_id, status=plan.show.status))
    await on_show_changed(own, ShowChanged(show_id=show_id, status=plan.show.status))
    report = await rehearsals.report(tx, rehearsal.id)
    assert report.rehearsal.state is RehearsalState.ENDED
    assert not report.rehearsal.interrupted
    after = await stage.console_snapshot(tx, show_id)
    assert (after.pace, after.pinned_product_id) == (1, None)


async def test_of_those_who_begin_at_once_one_does(database: Database, owner: Actor) -> None:
    async with database.begin(owner) as tx:
        show_id, _ = await hero_show(tx)

    async def begin() -> bool:
        try:
            async with database.begin(owner) as tx:
                await rehearse(tx, show_id)
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(*(begin() for _ in range(4)))) == [False, False, False, True]
    async with database.begin(owner) as tx:
        (running,) = (await rehearsals.page_of(tx, show_id, None, 10)).items
        await rehearsals.end(tx, running.id)


async def test_the_last_piece_goes_to_one_of_two_workers(database: Database, owner: Actor) -> None:
    async with database.begin(owner) as tx:
        show_id, (hero, _) = await hero_show(tx, stock=1)
        rehearsal = await rehearse(tx, show_id)

    async def take(act: str) -> int:
        async with database.begin(system(owner.merchant_id)) as tx:
            did = Did(1, 1, 0, 0, [Wish(act, 1, hero.id, 0.2)])
            return sum((await playing.count(tx, rehearsal.id, did)).values())

    assert sorted(await asyncio.gather(*(take(f"act-{n}") for n in range(4)))) == [0, 0, 0, 1]
    async with database.begin(owner) as tx:
        await rehearsals.end(tx, rehearsal.id)


async def test_a_past_evening_is_read_with_its_talk_and_its_orders(tx: Tx) -> None:
    show_id, _ = await hero_show(tx)
    await shows.start(tx, show_id)
    said = Said(
        id=new_id(),
        show_id=show_id,
        viewer_id=new_id(),
        by="a1",
        name="阿澈",
        role=Speaker.SHOPPER,
        text="敏感肌能用吗？",
        kind=MessageKind.QUESTION,
        state=SaidState.SHOWN,
        why=None,
        level=None,
        buyer=False,
        at=tx.now + timedelta(minutes=15),
        simulated=False,
    )
    await chat.store(later(tx, tx.now), show_id, [said])
    await shows.end(later(tx, tx.now + timedelta(minutes=60)), show_id)

    (line,) = await past.lines_of(later(tx, tx.now), show_id)

    assert (line.at, line.deed, line.text) == (0.25, Deed.ASK, "敏感肌能用吗？")
    other, _ = await hero_show(tx)
    crowd = PutCrowd(size=5, profile=CrowdProfile.PAST, past_show_id=show_id)
    rehearsal = await rehearsals.begin(tx, other, Begin(audience=crowd))
    assert rehearsal.audience.past_show_id == show_id


async def test_guests_of_a_show_that_is_not_over_do_not_come_again(tx: Tx) -> None:
    show_id, _ = await hero_show(tx)
    other, _ = await hero_show(tx)
    for crowd in (
        PutCrowd(size=1, profile=CrowdProfile.PAST, past_show_id=other),
        PutCrowd(size=1, profile=CrowdProfile.PAST),
        PutCrowd(size=1, profile=CrowdProfile.USUAL, past_show_id=other),
    ):
        with pytest.raises(PastShowRefused):
            await rehearsals.begin(tx, show_id, Begin(audience=crowd))


@pytest.mark.parametrize("role", [Role.SERVICE, Role.ANALYST, Role.SUPERVISOR])
async def test_who_runs_no_shows_may_look_and_not_touch(tx: Tx, role: Role) -> None:
    show_id, _ = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id)
    other = tx.acting(Actor(tx.merchant_id, role, new_id()))
    assert (await rehearsals.report(other, rehearsal.id)).rehearsal.id == rehearsal.id
    with pytest.raises(NotPermitted):
        await rehearsals.end(other, rehearsal.id)
    with pytest.raises(NotPermitted):
        await rehearsals.drill_now(other, rehearsal.id, DrillNow(kind=DrillKind.HOST_ABSENT))
    with pytest.raises(NotPermitted):
        await rehearsals.begin(other, show_id, Begin())


async def test_another_merchant_sees_none_of_it(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(owner) as tx:
        show_id, _ = await hero_show(tx)
        rehearsal = await rehearse(tx, show_id)
    stranger = Actor(other_merchant_id, Role.OWNER, new_id())
    async with database.begin(stranger) as tx:
        with pytest.raises(RehearsalNotFound):
            await rehearsals.report(tx, rehearsal.id)
        with pytest.raises(shows.ShowNotFound):
            await rehearsals.page_of(tx, show_id, None, 10)
    async with database.begin(owner) as tx:
        await rehearsals.end(tx, rehearsal.id)


async def rows_of(tx: Tx, table: str) -> int:
    found = await tx.db.scalar(
        text(f'select count(*) from "{table}" where merchant_id = :merchant'),  # noqa: S608
        {"merchant": tx.merchant_id},
    )
    return int(found or 0)


async def test_a_rehearsed_failure_cuts_real_pictures_and_none_where_there_are_none(
    tx: Tx, jobs: RecordedJobs
) -> None:
    show_id, _ = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id, autopilot=False)
    await rehearsals.drill_now(tx, rehearsal.id, DrillNow(kind=DrillKind.STREAM_DOWN))
    assert not any(job.startswith("cut-pictures") for job in jobs.started)

    await tx.db.execute(
        text("update broadcast set state = 'live' where show_id = :show"), {"show": show_id}
    )
    tx.db.expire_all()
    await rehearsals.drill_now(tx, rehearsal.id, DrillNow(kind=DrillKind.STREAM_DOWN))
    assert any(job.startswith(f"cut-pictures-{show_id}") for job in jobs.started)


async def test_the_product_on_every_phone_is_what_runs_out(tx: Tx) -> None:
    show_id, (hero, other) = await hero_show(tx)
    rehearsal = await rehearse(tx, show_id, autopilot=False)
    await stage.pin(tx, show_id, other.id)
    report = await rehearsals.drill_now(tx, rehearsal.id, DrillNow(kind=DrillKind.STOCK_OUT))
    assert [drill.product_id for drill in report.drills] == [hero.id]
    await stage.pin(tx, show_id, hero.id)
    command = DrillNow(kind=DrillKind.WRONG_PRICE)
    report = await rehearsals.drill_now(tx, rehearsal.id, command)
    assert {drill.product_id for drill in report.drills} == {hero.id}
