"""What stands in the way of a show, over snapshots; what a kit is worth, over measurements."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import NOW
from xinbo.kit.ids import new_id
from xinbo.live.readiness import Camera, Measured, Microphone, Screen, Severity, Stability, Upload
from xinbo.live.readiness._rules import (
    BROUGHT,
    CheckKind,
    ChecklistGroup,
    Finding,
    KitGrade,
    KitItem,
    Link,
    PlannedCue,
    PlannedItem,
    PlannedSku,
    Snapshot,
    Window,
    findings,
    judged,
    passed,
    ready,
    worst,
)

WORDS = Path(__file__).parents[3] / "web/apps/console/src/messages"


def item(
    *, hero: bool = True, on_sale: bool = True, aside: int | None = 10, spare: int = 50
) -> PlannedItem:
    sku = PlannedSku(new_id(), "30ml", aside, spare)
    return PlannedItem(new_id(), "精华", hero, on_sale, [sku])


def cue(begins: int, minutes: int, **more: Any) -> PlannedCue:
    plain: dict[str, Any] = {
        "id": new_id(),
        "title": f"第 {begins} 分",
        "product_id": None,
        "promotion_id": None,
        "target": None,
        "claims": [],
        "forbidden": [],
        "spoken": "",
    }
    return PlannedCue(begins=begins, minutes=minutes, **(plain | more))


def snapshot(**more: Any) -> Snapshot:
    """Make one in which everything is in order, but for what is said."""
    items = more.pop("items", None) or [item()]
    plain: dict[str, Any] = {
        "now": NOW,
        "starts_at": NOW + timedelta(hours=2),
        "planned_minutes": 120,
        "items": items,
        "cues": [cue(0, 10, product_id=items[0].product_id, target=10)],
        "windows": {},
        "prepared": [each.product_id for each in items],
        "risks": 6,
        "host_checked": True,
        "backup_host": True,
        "agents": 2,
        "open_items": 0,
        "all_items": 18,
        "pictures": True,
    }
    return Snapshot(**(plain | more))


def found(seen: Snapshot, kind: CheckKind) -> list[Finding]:
    return [each for each in findings(seen) if each.kind is kind]


def test_a_show_in_order_is_ready_and_every_check_says_so() -> None:
    seen = findings(snapshot())
    assert {each.severity for each in seen} == {Severity.OK}
    assert {each.kind for each in seen} == set(CheckKind)
    assert ready(seen)


one = item(hero=False)
two = cue(0, 10)


@pytest.mark.parametrize(
    ("wrong", "kind", "facts"),
    [
        ({"host_checked": False}, CheckKind.HOST_CHECK, {}),
        ({"prepared": []}, CheckKind.HERO_PREPARED, {"product": "精华"}),
        (
            {"items": [item(on_sale=False)]},
            CheckKind.ON_SALE,
            {"product": "精华"},
        ),
        (
            {"items": [one], "cues": [cue(0, 9, product_id=one.product_id, target=7)] * 2},
            CheckKind.STOCK_TARGET,
            {"product": "精华", "target": 14, "stock": 10},
        ),
        (
            {"cues": [cue(0, 9, title="开场", claims=[("7 天见效", " "), ("无酒精", "报告")])]},
            CheckKind.CLAIM_EVIDENCE,
            {"cue": "开场", "claim": "7 天见效", "count": 1},
        ),
        (
            {"cues": [cue(0, 10, title="甲"), cue(7, 5, title="乙")]},
            CheckKind.CUE_OVERLAP,
            {"cue": "乙", "other": "甲", "minutes": 3},
        ),
    ],
)
def test_what_blocks_a_show_is_named_with_its_facts(
    wrong: dict[str, Any], kind: CheckKind, facts: dict[str, Any]
) -> None:
    seen = snapshot(**wrong)
    first = found(seen, kind)[0]
    assert (first.severity, dict(first.facts)) == (Severity.BLOCK, facts)
    assert not ready(findings(seen))
    keys = {each.key for each in findings(seen) if each.severity is Severity.BLOCK}
    assert ready(findings(seen), keys)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"agents": 1}, CheckKind.SERVICE),
        ({"backup_host": False}, CheckKind.BACKUP_HOST),
        ({"open_items": 3}, CheckKind.CHECKLIST),
        ({"pictures": False}, CheckKind.PICTURES),
        ({"risks": 0}, CheckKind.RISKS),
        ({"planned_minutes": 9}, CheckKind.CUES_LENGTH),
        (
            {"cues": [cue(0, 5, forbidden=["最好"], spoken="全网最好的精华")]},
            CheckKind.FORBIDDEN_WORDS,
        ),
    ],
)
def test_what_only_warns_leaves_the_show_ready(wrong: dict[str, Any], kind: CheckKind) -> None:
    seen = findings(snapshot(**wrong))
    assert [each.severity for each in seen if each.kind is kind] == [Severity.WARN]
    assert ready(seen)


def test_what_would_be_refused_in_any_case_cannot_be_waived() -> None:
    short = findings(snapshot(items=[item(aside=80, spare=50)]))
    (lack,) = [each for each in short if each.kind is CheckKind.STOCK_SHORT]
    assert (lack.facts["wanted"], lack.facts["stock"], lack.waivable) == (80, 50, False)
    assert not ready(short, {each.key for each in short})
    empty = findings(snapshot()._replace(items=[]))
    assert not ready(empty, {each.key for each in empty})


def test_without_a_run_of_show_the_plan_only_warns() -> None:
    seen = findings(snapshot(cues=[], prepared=[], host_checked=False))
    assert Severity.BLOCK not in {each.severity for each in seen}
    assert ready(seen)


hours = st.integers(min_value=-5, max_value=5)


@given(
    start=hours,
    length=hours,
    state=st.sampled_from(["draft", "scheduled", "running", "ended"]),
    here=st.booleans(),
)
def test_a_promotion_can_run_when_its_cue_begins_or_the_show_is_blocked(
    start: int, length: int, state: str, *, here: bool
) -> None:
    begins = NOW + timedelta(hours=2)
    starts_at = begins + timedelta(hours=start)
    ends_at = starts_at + timedelta(hours=abs(length) + 1)
    promotion = new_id()
    seen = snapshot(
        cues=[cue(0, 10, promotion_id=promotion)],
        windows={promotion: Window("限时折扣", state, here, starts_at, ends_at)},
    )
    runs = starts_at <= begins < ends_at
    fine = here and state != "ended" and (state == "draft" or runs)
    assert (found(seen, CheckKind.PROMOTION_WINDOW)[0].severity is Severity.OK) == fine


def test_a_promotion_that_is_gone_blocks_and_two_cues_with_it_are_two_findings() -> None:
    promotion = new_id()
    cues = [cue(0, 5, promotion_id=promotion), cue(9, 5, promotion_id=promotion)]
    gone = found(snapshot(cues=cues), CheckKind.PROMOTION_WINDOW)
    assert [each.facts["why"] for each in gone] == ["gone", "gone"]
    assert len({each.key for each in gone}) == 2


def test_a_show_that_starts_a_little_early_or_late_starts_now() -> None:
    assert snapshot(starts_at=NOW + timedelta(minutes=4)).begins_at == NOW
    assert snapshot(starts_at=NOW - timedelta(days=1)).begins_at == NOW
    assert snapshot(starts_at=None).begins_at == NOW
    assert snapshot(starts_at=NOW + timedelta(hours=1)).begins_at == NOW + timedelta(hours=1)


spans = st.lists(
    st.tuples(st.integers(min_value=0, max_value=60), st.integers(min_value=1, max_value=20)),
    min_size=1,
    max_size=8,
)


@given(spans)
def test_overlaps_are_found_if_and_only_if_some_minute_has_two_cues(
    planned: list[tuple[int, int]],
) -> None:
    taken = [minute for begins, lasts in planned for minute in range(begins, begins + lasts)]
    seen = snapshot(cues=[cue(begins, lasts) for begins, lasts in planned])
    blocked = found(seen, CheckKind.CUE_OVERLAP)[0].severity is Severity.BLOCK
    assert blocked == (len(set(taken)) < len(taken))


@given(st.lists(st.sampled_from(["host_checked", "backup_host", "pictures"]), unique=True), spans)
def test_waiving_everything_waivable_leaves_only_what_would_be_refused(
    off: list[str], planned: list[tuple[int, int]]
) -> None:
    seen = findings(
        snapshot(
            cues=[cue(*each) for each in planned],
            items=[item(aside=80)],
            **dict.fromkeys(off, False),
        )
    )
    rest = [each for each in seen if each.severity is Severity.BLOCK and not each.waivable]
    assert ready(seen, {each.key for each in seen}) == (not rest)
    assert [each.severity for each in seen] == sorted(
        (each.severity for each in seen), key=list(Severity).index
    )


GOOD = Measured(
    camera=Camera(width=1280, height=720, fps=30),
    microphone=Microphone(level=-18, noise=-55, clipped=0),
    upload=Upload(mbps=12, least=9),
    stability=Stability(delay=20, jitter=4, lost=0, tries=20),
    screen=Screen(width=1440, height=900, awake=True),
)


def with_(**more: Any) -> Measured:
    parts = {name: getattr(GOOD, name) for name in GOOD.__struct_fields__}
    return Measured(**(parts | more))


def test_a_good_kit_is_good_everywhere() -> None:
    assert set(judged(GOOD).values()) == {KitGrade.GOOD}
    assert passed(judged(GOOD))


@pytest.mark.parametrize(
    ("measured", "which", "verdict", "passes"),
    [
        (with_(camera=Camera(width=720, height=1280, fps=30)), KitItem.CAMERA, "good", True),
        (with_(camera=Camera(width=640, height=480, fps=30)), KitItem.CAMERA, "fair", True),
        (with_(camera=Camera(width=1280, height=720, fps=10)), KitItem.CAMERA, "bad", False),
        (with_(camera=None), KitItem.CAMERA, "missing", False),
        (
            with_(microphone=Microphone(level=-50, noise=-80, clipped=0)),
            KitItem.MICROPHONE,
            "bad",
            False,
        ),
        (
            with_(microphone=Microphone(level=-20, noise=-32, clipped=0)),
            KitItem.MICROPHONE,
            "fair",
            True,
        ),
        (
            with_(microphone=Microphone(level=-3, noise=-60, clipped=0.2)),
            KitItem.MICROPHONE,
            "bad",
            False,
        ),
        (with_(upload=Upload(mbps=3, least=2.5)), KitItem.UPLOAD, "fair", True),
        (with_(upload=Upload(mbps=9, least=0.5)), KitItem.UPLOAD, "fair", True),
        (with_(upload=Upload(mbps=1, least=1)), KitItem.UPLOAD, "bad", False),
        (
            with_(stability=Stability(delay=30, jitter=200, lost=0, tries=20)),
            KitItem.STABILITY,
            "bad",
            False,
        ),
        (
            with_(stability=Stability(delay=30, jitter=3, lost=0.04, tries=50)),
            KitItem.STABILITY,
            "fair",
            True,
        ),
        (with_(screen=Screen(width=390, height=844, awake=True)), KitItem.SCREEN, "bad", True),
        (with_(screen=Screen(width=1440, height=900, awake=False)), KitItem.SCREEN, "fair", True),
    ],
)
def test_a_kit_is_judged_part_by_part(
    measured: Measured, which: KitItem, verdict: str, passes: object
) -> None:
    verdicts = judged(measured)
    assert (verdicts[which], passed(verdicts)) == (verdict, passes)
    assert {verdicts[each] for each in KitItem if each is not which} == {KitGrade.GOOD}


levels = st.floats(min_value=-120, max_value=0)


@given(levels, levels, st.floats(min_value=0, max_value=1), st.floats(min_value=0, max_value=30))
def test_a_quieter_room_never_makes_a_microphone_worse(
    level: float, noise: float, clipped: float, quieter: float
) -> None:
    before = judged(with_(microphone=Microphone(level=level, noise=noise, clipped=clipped)))
    after = judged(
        with_(microphone=Microphone(level=level, noise=noise - quieter, clipped=clipped))
    )
    item = KitItem.MICROPHONE
    assert worst(before[item], after[item]) is before[item]


def test_the_checklist_of_the_house_covers_every_group_and_the_host() -> None:
    assert {each.group for each in BROUGHT} == set(ChecklistGroup)
    assert len({each.word for each in BROUGHT}) == len(BROUGHT)
    assert any(each.for_host for each in BROUGHT)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_the_pages_have_words_for_every_check_and_item(language: str) -> None:
    words: dict[str, Any] = json.loads((WORDS / f"{language}.json").read_text())["readiness"]
    assert set(words["checks"]) == {each.value for each in CheckKind}
    for kind in CheckKind:
        assert set(words["checks"][kind.value]) >= {"ok", "not"}
    assert set(words["house"]) == {each.word for each in BROUGHT}
    assert set(words["groups"]) == {each.value for each in ChecklistGroup}
    assert set(words["mend"]) == {each.value for each in Link}
