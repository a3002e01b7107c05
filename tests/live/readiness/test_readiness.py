"""A show with a run-of-show goes on air when it is ready, and says what stands in the way."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.live.contingency.support import show_with_hero
from tests.support import NOW, planned_show, product_on_sale
from xinbo.commerce import inventory
from xinbo.engines.history import history
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.identity.accounts import AddStaff
from xinbo.kit.ids import new_id
from xinbo.live import cast, contingency, readiness, shows
from xinbo.live.cast import AssignSeat, Calling, SeatKind
from xinbo.live.readiness import (
    Camera,
    Check,
    CheckKind,
    ChecklistGroup,
    ChecklistRefused,
    CheckNotFound,
    ItemNotFound,
    KeepKitTest,
    KitGrade,
    Measured,
    Microphone,
    NotReady,
    PutChecklist,
    PutChecklistItem,
    Screen,
    Severity,
    Stability,
    TickItem,
    Upload,
    Waive,
)
from xinbo.live.shows import (
    Claim,
    CueKind,
    PutCue,
    PutCues,
    ShowNotFound,
    ShowStatus,
    VersionConflict,
)

pytestmark = pytest.mark.anyio

CALLING = Calling(key=b"k" * 32, ice_servers=[])
GOOD = KeepKitTest(
    measured=Measured(
        camera=Camera(width=1280, height=720, fps=30),
        microphone=Microphone(level=-18, noise=-55, clipped=0),
        upload=Upload(mbps=12, least=9),
        stability=Stability(delay=20, jitter=4, lost=0, tries=20),
        screen=Screen(width=1440, height=900, awake=True),
    )
)
POOR = KeepKitTest(
    measured=Measured(camera=None, microphone=None, upload=None, stability=None, screen=None)
)


async def planned(tx: Tx, *cues: PutCue) -> UUID:
    """Plan a show of a hero with these cues."""
    show_id, hero, _ = await show_with_hero(tx)
    version = (await shows.plan(tx, show_id)).version
    first = PutCue(
        kind=CueKind.PRODUCT,
        title="讲解",
        minutes=10,
        product_id=hero.id,
        notes="",
        target_units=10,
    )
    await shows.put_cues(tx, show_id, PutCues(cues=[first, *cues], version=version))
    return show_id


async def blocking(tx: Tx, show_id: UUID) -> list[CheckKind]:
    seen = await readiness.check(tx, show_id)
    return [each.kind for each in seen.checks if each.severity is Severity.BLOCK]


def of(checks: list[Check], kind: CheckKind) -> Check:
    return next(each for each in checks if each.kind is kind)


async def member(tx: Tx, name: str, role: Role = Role.HOST) -> UUID:
    added = await accounts.add_staff(
        tx, AddStaff(email=f"{new_id()}@m.example", name=name, role=role, password="correct horse")
    )
    return added.id


async def test_a_planned_show_is_blocked_until_everything_is_mended(tx: Tx) -> None:
    claim = Claim(text="28 天淡纹", evidence="")
    bold = PutCue(
        kind=CueKind.STORY,
        title="品牌故事",
        minutes=5,
        product_id=None,
        notes="",
        claims=[claim],
        starts_minute=8,
    )
    show_id = await planned(tx, bold)
    with pytest.raises(NotReady) as refused:
        await readiness.go_live(tx, show_id)
    assert refused.value.facts["count"] == 4
    assert await blocking(tx, show_id) == [
        CheckKind.CLAIM_EVIDENCE,
        CheckKind.CUE_OVERLAP,
        CheckKind.HERO_PREPARED,
        CheckKind.HOST_CHECK,
    ]

    plan = await shows.plan(tx, show_id)
    hero = plan.cues[0].product_id
    first = PutCue(
        kind=CueKind.PRODUCT, title="讲解", minutes=8, product_id=hero, notes="", target_units=10
    )
    proven = PutCue(
        kind=CueKind.STORY,
        title="品牌故事",
        minutes=5,
        product_id=None,
        notes="",
        claims=[Claim(text="28 天淡纹", evidence="第三方报告 2026-031")],
        starts_minute=8,
    )
    await shows.put_cues(tx, show_id, PutCues(cues=[first, proven], version=plan.version))
    await contingency.prepare(tx, show_id)
    await readiness.keep_kit_test(tx, show_id, GOOD)

    seen = await readiness.check(tx, show_id)
    assert (seen.ready, seen.guarded, await blocking(tx, show_id)) == (True, True, [])
    assert (await readiness.go_live(tx, show_id)).show.status is ShowStatus.LIVE


async def test_too_little_stock_for_the_target_is_said_in_pieces(tx: Tx) -> None:
    show_id = await planned(tx)
    plan = await shows.plan(tx, show_id)
    more = PutCue(
        kind=CueKind.PRODUCT,
        title="返场",
        minutes=5,
        product_id=plan.cues[0].product_id,
        notes="",
        target_units=5,
    )
    first = PutCue(
        kind=CueKind.PRODUCT,
        title="讲解",
        minutes=5,
        product_id=plan.cues[0].product_id,
        notes="",
        target_units=10,
    )
    await shows.put_cues(tx, show_id, PutCues(cues=[first, more], version=plan.version))
    seen = await readiness.check(tx, show_id)
    low = of(seen.checks, CheckKind.STOCK_TARGET)
    assert (low.facts["target"], low.facts["stock"], low.severity) == (15, 10, "block")


async def test_stock_that_is_only_on_paper_cannot_be_waived(tx: Tx) -> None:
    show_id = await planned(tx)
    hero = (await shows.line_up(tx, show_id))[0]
    await inventory.set_on_hand_many(tx, {hero.skus[0].sku_id: 4})
    short = of((await readiness.check(tx, show_id)).checks, CheckKind.STOCK_SHORT)
    assert (short.facts["wanted"], short.facts["stock"], short.waivable) == (10, 4, False)
    with pytest.raises(CheckNotFound):
        await readiness.waive(tx, show_id, Waive(key=short.key, reason="老板说可以"))


async def test_a_show_without_a_run_of_show_goes_on_air_with_warnings(tx: Tx) -> None:
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    seen = await readiness.check(tx, show_id)
    assert (seen.ready, seen.guarded) == (True, False)
    assert of(seen.checks, CheckKind.HOST_CHECK).severity is Severity.WARN
    assert (await readiness.go_live(tx, show_id)).show.status is ShowStatus.LIVE


async def test_an_owner_waives_with_a_reason_on_record_and_takes_it_back(tx: Tx) -> None:
    show_id = await planned(tx)
    await contingency.prepare(tx, show_id)
    assert await blocking(tx, show_id) == [CheckKind.HOST_CHECK]
    wish = Waive(key="host_check", reason="主播在路上，设备昨天测过")
    seen = await readiness.waive(tx, show_id, wish)
    waived = of(seen.checks, CheckKind.HOST_CHECK).waived
    assert seen.ready
    assert waived is not None
    assert (waived.reason, waived.at) == ("主播在路上，设备昨天测过", NOW)
    back = await readiness.withdraw(tx, show_id, "host_check")
    assert not back.ready
    with pytest.raises(NotReady):
        await readiness.go_live(tx, show_id)
    await readiness.waive(tx, show_id, wish)
    await readiness.go_live(tx, show_id)
    told = [fact for fact in await history(tx, show_id, 1000) if "waive" in fact.name]
    assert [fact.name for fact in told] == [
        "readiness.waived",
        "readiness.waiver_withdrawn",
        "readiness.waived",
    ]
    assert told[0].payload["reason"] == wish.reason


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HOST, Role.SERVICE])
async def test_only_an_owner_waives(tx: Tx, role: Role) -> None:
    show_id = await planned(tx)
    someone = tx.acting(Actor(tx.merchant_id, role, new_id()))
    with pytest.raises(NotPermitted):
        await readiness.waive(someone, show_id, Waive(key="host_check", reason="不用查了"))


async def test_nothing_is_waived_that_does_not_stand_in_the_way(tx: Tx) -> None:
    show_id = await planned(tx)
    for key in ("service", "line_up", "claim_evidence", "no such check"):
        with pytest.raises(CheckNotFound):
            await readiness.waive(tx, show_id, Waive(key=key, reason="不用查了"))


async def test_the_host_is_checked_by_a_good_test_of_the_last_day(tx: Tx) -> None:
    show_id = await planned(tx)
    host, other = await member(tx, "苏木"), await member(tx, "阿青", Role.OPERATOR)
    seat = AssignSeat(kind=SeatKind.HOST, user_id=host)
    await cast.assign(tx, show_id, seat, CALLING)

    async def test_by(who: UUID, kit: KeepKitTest) -> bool:
        own = tx.acting(Actor(tx.merchant_id, Role.HOST, who))
        kept = await readiness.keep_kit_test(own, show_id, kit)
        assert kept.by_host == (who == host)
        return CheckKind.HOST_CHECK not in await blocking(tx, show_id)

    assert not await test_by(other, GOOD)  # somebody else's kit says nothing of the host's
    assert await test_by(host, GOOD)
    assert not await test_by(host, POOR)  # the last one counts
    assert await test_by(host, GOOD)
    tests = await readiness.kit_tests(tx, show_id, None, 2)
    assert [each.passed for each in tests.items] == [True, False]
    assert tests.items[0].by == "苏木"
    tests = await readiness.kit_tests(tx, show_id, tests.next, 2)
    assert (len(tests.items), tests.next) == (2, None)


async def test_a_test_of_two_days_ago_no_longer_counts(database: Database, owner: Actor) -> None:
    async with database.begin(owner, NOW - timedelta(hours=30)) as tx:
        show_id = await planned(tx)
        await readiness.keep_kit_test(tx, show_id, GOOD)
        assert CheckKind.HOST_CHECK not in await blocking(tx, show_id)
    async with database.begin(owner, NOW) as tx:
        assert CheckKind.HOST_CHECK in await blocking(tx, show_id)


async def test_a_host_who_ticked_the_hosts_items_is_checked_too(tx: Tx) -> None:
    show_id = await planned(tx)
    host = await member(tx, "苏木")
    await cast.assign(tx, show_id, AssignSeat(kind=SeatKind.HOST, user_id=host), CALLING)
    as_host = tx.acting(Actor(tx.merchant_id, Role.HOST, host))
    own = [each for each in (await readiness.checklist(tx, show_id)).items if each.for_host]
    for who in (tx, as_host):
        for each in own:
            await readiness.tick_item(who, show_id, each.id, TickItem(done=True))
        checked = CheckKind.HOST_CHECK not in await blocking(tx, show_id)
        assert checked == (who is as_host)
    done = [each for each in (await readiness.checklist(tx, show_id)).items if each.for_host]
    assert {each.done_by for each in done} == {"苏木"}
    await readiness.tick_item(as_host, show_id, own[0].id, TickItem(done=False))
    assert CheckKind.HOST_CHECK in await blocking(tx, show_id)


async def test_the_checklist_is_the_merchants_own_and_keeps_what_is_done(tx: Tx) -> None:
    show_id = await planned(tx)
    someone = await member(tx, "阿青")
    brought = await readiness.checklist(tx, show_id)
    assert brought.version == 0
    first = brought.items[0]
    ticked = await readiness.tick_item(tx, show_id, first.id, TickItem(done=True))
    items = [
        PutChecklistItem(group=ChecklistGroup.SPARE, text="备用话筒", owner_id=someone, due_at=NOW),
        PutChecklistItem(id=first.id, word=first.word, group=first.group, text="as shown"),
    ]
    written = await readiness.put_checklist(
        tx, show_id, PutChecklist(items=items, version=ticked.version)
    )
    assert [each.text for each in written.items] == ["备用话筒", first.text]
    assert [each.done_at for each in written.items] == [None, NOW]
    assert (written.items[0].owner_id, written.items[0].due_at) == (someone, NOW)
    with pytest.raises(VersionConflict):
        await readiness.put_checklist(tx, show_id, PutChecklist(items=[], version=ticked.version))
    stranger = PutChecklistItem(group=ChecklistGroup.SPARE, text="x", owner_id=new_id())
    with pytest.raises(ChecklistRefused):
        await readiness.put_checklist(
            tx, show_id, PutChecklist(items=[stranger], version=written.version)
        )
    with pytest.raises(ItemNotFound):
        await readiness.tick_item(tx, show_id, new_id(), TickItem(done=True))


async def test_many_who_tick_at_once_lose_no_tick(database: Database, owner: Actor) -> None:
    async with database.begin(owner) as tx:
        show_id = await planned(tx)
        items = (await readiness.checklist(tx, show_id)).items

    async def tick(item_id: UUID) -> None:
        async with database.begin(owner) as tx:
            await readiness.tick_item(tx, show_id, item_id, TickItem(done=True))

    await asyncio.gather(*(tick(each.id) for each in items[:6]))
    async with database.begin(owner) as tx:
        done = [each for each in (await readiness.checklist(tx, show_id)).items if each.done_at]
    assert len(done) == 6


async def test_what_was_measured_is_kept_and_judged(tx: Tx) -> None:
    show_id = await planned(tx)
    kept = await readiness.keep_kit_test(tx, show_id, POOR)
    assert (kept.verdict, kept.passed) == (KitGrade.MISSING, False)
    assert (await readiness.kit_tests(tx, show_id, None, 10)).items == [kept]


async def test_another_merchant_sees_nothing(tx: Tx, other_merchant_id: UUID) -> None:
    show_id = await planned(tx)
    stranger = tx.acting(Actor(other_merchant_id, Role.OWNER, new_id()))
    for ask in (readiness.check, readiness.checklist, readiness.go_live):
        with pytest.raises(ShowNotFound):
            await ask(stranger, show_id)
    with pytest.raises(ShowNotFound):
        await readiness.kit_tests(stranger, show_id, None, 10)
