"""The run-of-show: cues keep their ids, stand at their times and stay true once they ran."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.live.shows.test_life import particulars
from tests.support import planned_show, product_on_sale
from xinbo.engines.tx import Actor, Database, Tx
from xinbo.kit.ids import NIL, new_id
from xinbo.live import shows
from xinbo.live.shows import (
    Claim,
    CueFormat,
    CueHasRun,
    CueKind,
    LineUpRefused,
    LineUpRole,
    PutCue,
    PutCues,
    PutLineUp,
    PutLineUpItem,
    PutLineUpSku,
    Targets,
    VersionConflict,
    overlaps,
    place_cues,
)

pytestmark = pytest.mark.anyio

starts = st.lists(st.tuples(st.none() | st.integers(0, 1440), st.integers(1, 600)), max_size=30)


def cue(title: str = "开场", **fields: object) -> PutCue:
    known: dict[str, object] = {
        "kind": CueKind.STORY,
        "title": title,
        "minutes": 5,
        "product_id": None,
        "notes": "",
    }
    return PutCue(**(known | fields))  # pyright: ignore[reportArgumentType]


async def test_a_cue_holds_all_that_is_planned_for_it(tx: Tx) -> None:
    first, second = [await product_on_sale(tx) for _ in range(2)]
    show_id = await planned_show(tx, [first, second])
    wish = cue(
        "双人讲解",
        kind=CueKind.PRODUCT,
        format=CueFormat.DUO,
        starts_minute=12,
        product_id=second.id,
        product_ids=[first.id],
        game_id=(game_id := new_id()),
        talking_points="质地\n用法",
        claims=[Claim(text="无酒精", evidence="报告 31"), Claim(text="温和")],
        forbidden=["最好", " 最好 "],
        owner=" 苏木 ",
        target_units=300,
    )
    plan = await shows.plan(tx, show_id)
    plan = await shows.put_cues(tx, show_id, PutCues(cues=[cue(), wish], version=plan.version))

    kept = (await shows.cues(tx, show_id))[1]
    assert kept == plan.cues[1]
    assert (kept.product_id, kept.product_ids) == (second.id, [second.id, first.id])
    assert (kept.starts_minute, kept.begins_minute, kept.minutes) == (12, 12, 5)
    assert kept.claims == wish.claims
    assert (kept.forbidden, kept.owner) == (["最好"], "苏木")
    assert (kept.game_id, kept.target_units, kept.format) == (game_id, 300, CueFormat.DUO)


async def test_a_cue_stays_the_same_cue_wherever_it_moves(tx: Tx) -> None:
    """Drag and undo send the whole run-of-show: what points at a cue must not lose it."""
    show_id = await planned_show(tx, [])
    plan = await shows.plan(tx, show_id)
    plan = await shows.put_cues(
        tx, show_id, PutCues(cues=[cue("一"), cue("二"), cue("三")], version=plan.version)
    )
    one, two, three = (each.id for each in plan.cues)
    moved = [cue("三", id=three), cue("一改", id=one, minutes=9)]
    plan = await shows.put_cues(tx, show_id, PutCues(cues=moved, version=plan.version))
    assert [(each.id, each.title) for each in plan.cues] == [(three, "三"), (one, "一改")]
    # Undo brings the one that was deleted back under its own id.
    again = [*moved, cue("二", id=two)]
    plan = await shows.put_cues(tx, show_id, PutCues(cues=again, version=plan.version))
    assert [each.id for each in plan.cues] == [three, one, two]


async def test_of_two_who_save_at_once_one_is_told(database: Database, owner: Actor) -> None:
    async with database.begin(owner) as tx:
        show_id = await planned_show(tx, [])
        version = (await shows.plan(tx, show_id)).version

    async def saves(title: str) -> bool:
        async with database.begin(owner) as tx:
            put = PutCues(cues=[cue(title)], version=version)
            try:
                await shows.put_cues(tx, show_id, put)
            except VersionConflict:
                return False
        return True

    done = await asyncio.gather(*(saves(title) for title in "甲乙丙丁"))
    assert sum(done) == 1
    async with database.begin(owner) as tx:
        assert [each.title for each in await shows.cues(tx, show_id)] == [
            "甲乙丙丁"[done.index(True)]
        ]


async def test_one_new_id_sent_to_two_shows_at_once_lands_in_one(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        places = [await planned_show(tx, []) for _ in range(2)]
        versions = [(await shows.plan(tx, each)).version for each in places]
    wanted = new_id()

    async def saves(place: int) -> bool:
        async with database.begin(owner) as tx:
            put = PutCues(cues=[cue(id=wanted)], version=versions[place])
            try:
                await shows.put_cues(tx, places[place], put)
            except LineUpRefused:
                return False
        return True

    assert sorted(await asyncio.gather(saves(0), saves(1))) == [False, True]


async def test_nobody_takes_the_cue_of_another_show(
    database: Database, owner: Actor, other_merchant_id: object
) -> None:
    async with database.begin(owner) as tx:
        show_id = await planned_show(tx, [])
        plan = await shows.plan(tx, show_id)
        plan = await shows.put_cues(tx, show_id, PutCues(cues=[cue()], version=plan.version))
        other = await planned_show(tx, [])
        at = (await shows.plan(tx, other)).version
        for cues, reason in (
            ([cue(), cue(id=plan.cues[0].id)], "cue_elsewhere"),
            ([cue(id=(twice := new_id())), cue(id=twice)], "cue_repeated"),
            ([cue(), cue(promotion_id=new_id())], "promotion_unknown"),
            ([cue(), cue(product_ids=[new_id()])], "not_on_line_up"),
        ):
            with pytest.raises(LineUpRefused) as refusal:
                async with tx.db.begin_nested():
                    await shows.put_cues(tx, other, PutCues(cues=cues, version=at))
            assert (refusal.value.facts["reason"], refusal.value.facts["at"]) == (reason, 1)
        assert (await shows.cues(tx, show_id))[0].id == plan.cues[0].id


async def test_cues_let_go_of_goods_that_leave_the_line_up(tx: Tx) -> None:
    first, second = [await product_on_sale(tx) for _ in range(2)]
    show_id = await planned_show(tx, [first, second])
    plan = await shows.plan(tx, show_id)
    both = cue(kind=CueKind.PRODUCT, product_id=first.id, product_ids=[second.id])
    plan = await shows.put_cues(tx, show_id, PutCues(cues=[both], version=plan.version))
    left = PutLineUpItem(
        product_id=second.id,
        talking_points="",
        skus=[PutLineUpSku(sku_id=second.skus[0].id, price=8_000, stock=None)],
        role=LineUpRole.HERO,
    )
    plan = await shows.put_line_up(tx, show_id, PutLineUp(items=[left], version=plan.version))
    assert (plan.cues[0].product_id, plan.cues[0].product_ids) == (None, [second.id])
    assert plan.line_up[0].role is LineUpRole.HERO


async def test_what_ran_on_air_stays_what_it_was_and_may_still_take_longer(tx: Tx) -> None:
    product = await product_on_sale(tx)
    show_id = await planned_show(tx, [product])
    plan = await shows.plan(tx, show_id)
    named = cue("讲解", kind=CueKind.PRODUCT, product_id=product.id)
    plan = await shows.put_cues(
        tx, show_id, PutCues(cues=[named, cue("收尾")], version=plan.version)
    )
    ran, rest = plan.cues
    await shows.start(tx, show_id)
    await shows.begin_cue(tx, show_id, ran.id)
    plan = await shows.plan(tx, show_id)
    assert plan.cues[0].begun_at == tx.now

    for wish in (
        [cue("收尾", id=rest.id)],
        [cue("别的", id=ran.id, kind=CueKind.PRODUCT, product_id=product.id)],
        [cue("讲解", id=ran.id, kind=CueKind.PRODUCT)],
    ):
        with pytest.raises(CueHasRun) as refusal:
            async with tx.db.begin_nested():
                await shows.put_cues(tx, show_id, PutCues(cues=wish, version=plan.version))
        assert refusal.value.facts == {"cue_id": ran.id, "title": "讲解"}
    longer = cue(
        "讲解", id=ran.id, kind=CueKind.PRODUCT, product_id=product.id, minutes=20, owner="苏木"
    )
    plan = await shows.put_cues(tx, show_id, PutCues(cues=[longer], version=plan.version))
    assert (plan.cues[0].minutes, plan.cues[0].begun_at) == (20, tx.now)


async def test_a_rehearsal_leaves_no_record_on_cues(tx: Tx) -> None:
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    plan = await shows.plan(tx, show_id)
    plan = await shows.put_cues(tx, show_id, PutCues(cues=[cue()], version=plan.version))
    await shows.rehearse(tx, show_id)
    await shows.begin_cue(tx, show_id, plan.cues[0].id)
    assert (await shows.cues(tx, show_id))[0].begun_at is None


async def test_targets_are_the_merchants_own_and_stay_until_they_are_written(tx: Tx) -> None:
    goal = Targets(gmv=5_000_000, orders=300, viewers=20_000)
    plan = await shows.add(tx, particulars(targets=goal))
    assert await shows.targets(tx, plan.show.id) == goal
    plan = await shows.put(tx, plan.show.id, particulars(title="改名", version=plan.version))
    assert plan.targets == goal
    plan = await shows.put(tx, plan.show.id, particulars(targets=Targets(), version=plan.version))
    assert plan.targets == Targets()
    assert "targets" not in shows.Show.__struct_fields__
    assert plan.show.id != NIL


@given(starts)
def test_cues_without_a_time_follow_the_one_before(cues: list[tuple[int | None, int]]) -> None:
    placed = place_cues(cues)
    assert len(placed) == len(cues)
    free = 0
    for (start, minutes), (begin, end) in zip(cues, placed, strict=True):
        assert begin == (free if start is None else start)
        assert end - begin == minutes
        free = end


@given(starts)
def test_overlaps_are_just_the_pairs_that_share_a_minute(
    cues: list[tuple[int | None, int]],
) -> None:
    placed = place_cues(cues)
    shared = [
        (one, two)
        for two in range(len(placed))
        for one in range(two)
        if max(placed[one][0], placed[two][0]) < min(placed[one][1], placed[two][1])
    ]
    assert overlaps(placed) == sorted(shared)


@given(st.lists(st.integers(1, 600), max_size=20))
def test_a_plan_without_times_never_overlaps(minutes: list[int]) -> None:
    placed = place_cues([(None, each) for each in minutes])
    assert overlaps(placed) == []
    assert placed[-1][1] == sum(minutes) if placed else True
