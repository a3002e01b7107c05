"""A template fills a show's plan in one go, and can be taken back while nobody touched it."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import NOW, planned_show, product_on_sale
from xinbo.commerce import promotions
from xinbo.commerce.promotions import PromotionState
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id
from xinbo.live import contingency, games, shows, templates
from xinbo.live.games import Lottery
from xinbo.live.shows import (
    Claim,
    CueFormat,
    CueKind,
    LineUpRole,
    PutCue,
    PutCues,
    VersionConflict,
)
from xinbo.live.templates import (
    BEAUTY,
    ApplyTemplate,
    PlanChangeNotFound,
    PlanLanguage,
    SaveTemplate,
    ShowBegun,
    SlotRefused,
    TakeBack,
    TemplateNotFound,
    TemplateSource,
)
from xinbo.live.templates._rules import discounted, emptied, filled, rate_of

pytestmark = pytest.mark.anyio


async def beauty(tx: Tx, *, goods: int = 5, listed: int = 2) -> tuple[UUID, dict[str, UUID]]:
    """Plan a show with some of its goods on the line-up, and map the template's slots to them."""
    products = [await product_on_sale(tx, price=10_000) for _ in range(goods)]
    show_id = await planned_show(tx, products[:listed], price=8_000)
    return show_id, {f"hero{at}": each.id for at, each in enumerate(products, 1)}


async def version(tx: Tx, show_id: UUID) -> int:
    return (await shows.plan(tx, show_id)).version


async def test_the_beauty_show_is_two_hours_of_five_heroes_two_draws_three_discounts(
    tx: Tx,
) -> None:
    """The plan of seed S4: 5 hero products, 2 draws, 3 timed discounts, 3 to 5 Q&A."""
    show_id, slots = await beauty(tx)
    command = ApplyTemplate(template_id=BEAUTY, version=await version(tx, show_id), slots=slots)

    made = await templates.apply(tx, show_id, command)

    cues = made.plan.cues
    kinds = [cue.kind for cue in cues]
    assert kinds.count(CueKind.PRODUCT) == 5
    assert sum(cue.game_id is not None for cue in cues) == 2
    assert sum(cue.promotion_id is not None for cue in cues) == 3
    talks = [c for c in cues if c.kind is CueKind.INTERACTION and c.format is not CueFormat.GAME]
    assert 3 <= len(talks) <= 5
    assert {CueKind.STORY, CueKind.BREAK, CueKind.GUEST} <= set(kinds)
    assert cues[-1].begins_minute + cues[-1].minutes == 120
    assert made.plan.show.planned_minutes == 120
    heroes = [i.product_id for i in made.plan.line_up if i.role is LineUpRole.HERO]
    assert set(heroes) == set(slots.values())
    assert (made.games, made.promotions, made.left_out) == (2, 3, [])


async def test_its_games_and_discounts_are_drafts_of_this_show_at_the_time_of_their_cues(
    tx: Tx,
) -> None:
    show_id, slots = await beauty(tx)
    command = ApplyTemplate(template_id=BEAUTY, version=await version(tx, show_id), slots=slots)
    made = await templates.apply(tx, show_id, command)

    played = (await games.page_of(tx, show_id, None, 10)).items
    assert {cue.game_id for cue in made.plan.cues} - {None} == {game.id for game in played}
    assert all(isinstance(game.play, Lottery) for game in played)
    assert [p.value for g in played if isinstance(g.play, Lottery) for p in g.play.prizes] == [
        10_000,
        10_000,
    ]
    start = (NOW + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    for cue in made.plan.cues:
        if cue.promotion_id is None:
            continue
        sale = await promotions.get(tx, cue.promotion_id)
        assert (sale.state, sale.venue_id) == (PromotionState.DRAFT, show_id)
        assert sale.starts_at == start + timedelta(minutes=cue.begins_minute)
        assert {item.product_id for item in sale.items} == {cue.product_id}
        # A discount counts from the show price: 80.00 where the line-up says so.
        listed = {i.product_id: i.skus[0].price for i in made.plan.line_up}
        assert all(item.price < listed[item.product_id] for item in sale.items)


async def test_every_hero_has_a_contingency_afterwards(tx: Tx) -> None:
    show_id, slots = await beauty(tx)
    command = ApplyTemplate(template_id=BEAUTY, version=await version(tx, show_id), slots=slots)
    await templates.apply(tx, show_id, command)
    assert await contingency.prepared(tx, show_id) >= set(slots.values())


async def test_a_template_is_taken_back_with_all_that_came_with_it(tx: Tx) -> None:
    show_id, slots = await beauty(tx)
    plan = await shows.plan(tx, show_id)
    own = PutCue(
        kind=CueKind.STORY,
        title="自己写的",
        minutes=7,
        product_id=None,
        notes="别动",
        starts_minute=3,
        owner="苏木",
        claims=[Claim(text="无酒精", evidence="检测报告 2026-031")],
    )
    plan = await shows.put_cues(tx, show_id, PutCues(cues=[own], version=plan.version))
    made = await templates.apply(
        tx, show_id, ApplyTemplate(template_id=BEAUTY, version=plan.version, slots=slots)
    )

    back = await templates.take_back(tx, show_id, made.id, TakeBack(version=made.plan.version))

    assert back.cues == plan.cues
    assert back.line_up == plan.line_up
    assert back.show.planned_minutes == plan.show.planned_minutes
    assert (await games.page_of(tx, show_id, None, 10)).items == []
    assert (await promotions.page_of(tx, None, 10, venue_id=show_id)).items == []
    with pytest.raises(PlanChangeNotFound):
        await templates.take_back(tx, show_id, made.id, TakeBack(version=back.version))


async def test_once_somebody_worked_on_it_a_template_stays(tx: Tx) -> None:
    show_id, slots = await beauty(tx)
    command = ApplyTemplate(template_id=BEAUTY, version=await version(tx, show_id), slots=slots)
    made = await templates.apply(tx, show_id, command)
    plan = await shows.put_cues(tx, show_id, PutCues(cues=[], version=made.plan.version))
    with pytest.raises(VersionConflict) as refusal:
        await templates.take_back(tx, show_id, made.id, TakeBack(version=made.plan.version))
    assert refusal.value.facts == {"version": plan.version}


async def test_a_plan_that_moved_meanwhile_is_not_overwritten(tx: Tx) -> None:
    show_id, slots = await beauty(tx)
    old = await version(tx, show_id)
    await shows.put_cues(tx, show_id, PutCues(cues=[], version=old))
    with pytest.raises(VersionConflict):
        await templates.apply(
            tx, show_id, ApplyTemplate(template_id=BEAUTY, version=old, slots=slots)
        )


async def test_goods_that_are_not_on_sale_or_stand_twice_are_refused_and_nothing_changes(
    tx: Tx,
) -> None:
    show_id, slots = await beauty(tx)
    before = await shows.plan(tx, show_id)
    for bad, reason in (
        (slots | {"hero3": new_id()}, "product_not_on_sale"),
        (slots | {"hero3": slots["hero1"]}, "product_repeated"),
    ):
        with pytest.raises(SlotRefused) as refusal:
            await templates.apply(
                tx, show_id, ApplyTemplate(template_id=BEAUTY, version=before.version, slots=bad)
            )
        assert (refusal.value.facts["slot"], refusal.value.facts["reason"]) == ("hero3", reason)
    assert await shows.plan(tx, show_id) == before


async def test_a_template_needs_no_goods_at_all_to_give_its_times(tx: Tx) -> None:
    show_id, _ = await beauty(tx)
    command = ApplyTemplate(
        template_id=BEAUTY,
        version=await version(tx, show_id),
        slots={},
        games=False,
        contingency=False,
    )
    made = await templates.apply(tx, show_id, command)
    assert len(made.plan.cues) == 19
    assert made.plan.cues[2].title == "讲解 · 主推 1"
    assert (made.games, made.promotions) == (0, 0)
    assert made.left_out == ["限时折扣 1", "限时折扣 2", "限时折扣 3"]


async def test_on_air_no_whole_plan_is_replaced(tx: Tx) -> None:
    show_id, slots = await beauty(tx)
    plan = await shows.start(tx, show_id)
    with pytest.raises(ShowBegun):
        await templates.apply(
            tx, show_id, ApplyTemplate(template_id=BEAUTY, version=plan.version, slots=slots)
        )


@pytest.mark.parametrize(
    ("language", "name"),
    [
        (PlanLanguage.SIMPLIFIED, "两小时美妆专场"),
        (PlanLanguage.TRADITIONAL, "兩小時美妝專場"),
        (PlanLanguage.ENGLISH, "Beauty, two hours"),
    ],
)
async def test_our_templates_speak_the_three_languages(
    language: PlanLanguage, name: str, tx: Tx
) -> None:
    assert (await templates.get(tx, BEAUTY, language)).name == name


async def test_a_saved_template_makes_the_same_plan_of_other_goods(tx: Tx) -> None:
    show_id, slots = await beauty(tx)
    first = await templates.apply(
        tx,
        show_id,
        ApplyTemplate(template_id=BEAUTY, version=await version(tx, show_id), slots=slots),
    )
    saved = await templates.save(tx, SaveTemplate(name="我们的两小时", show_id=show_id))
    listed = (await templates.page_of(tx, PlanLanguage.SIMPLIFIED, None, 20)).items
    assert listed[-1].id == saved.id
    assert (listed[-1].heroes, listed[-1].games, listed[-1].promotions) == (5, 2, 3)
    others = [await product_on_sale(tx, price=20_000) for _ in range(5)]
    other = await planned_show(tx, others, price=15_000)

    again = await templates.apply(
        tx,
        other,
        ApplyTemplate(
            template_id=saved.id,
            version=await version(tx, other),
            slots={slot.key: each.id for slot, each in zip(saved.slots, others, strict=True)},
        ),
    )

    def shape(plan: shows.ShowPlan) -> list[tuple[object, ...]]:
        return [
            (cue.kind, cue.begins_minute, cue.minutes, cue.format, bool(cue.game_id), cue.owner)
            for cue in plan.cues
        ]

    assert shape(again.plan) == shape(first.plan)
    assert others[0].title in again.plan.cues[2].title
    await templates.remove(tx, saved.id)
    with pytest.raises(TemplateNotFound):
        await templates.get(tx, saved.id)


async def test_a_past_show_is_copied_with_its_own_goods(tx: Tx) -> None:
    past, slots = await beauty(tx)
    made = await templates.apply(
        tx,
        past,
        ApplyTemplate(template_id=BEAUTY, version=await version(tx, past), slots=slots),
    )
    await shows.start(tx, past)
    await shows.end(tx, past)
    new = await planned_show(tx, [])
    source = await templates.of_show(tx, past)

    copied = await templates.apply(
        tx,
        new,
        ApplyTemplate(
            template_id=past,
            source=TemplateSource.SHOW,
            version=await version(tx, new),
            slots={s.key: s.product_id for s in source.slots if s.product_id},
        ),
    )

    assert [cue.title for cue in copied.plan.cues] == [cue.title for cue in made.plan.cues]
    assert not {cue.id for cue in copied.plan.cues} & {cue.id for cue in made.plan.cues}
    assert {i.product_id for i in copied.plan.line_up} == set(slots.values())


async def test_templates_of_others_do_not_exist(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id, _ = await beauty(tx)
        saved = await templates.save(tx, SaveTemplate(name="秘密", show_id=show_id))
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id()), NOW) as tx:
        with pytest.raises(TemplateNotFound):
            await templates.get(tx, saved.id)
    async with database.begin(Actor(owner.merchant_id, Role.SHOPPER, new_id()), NOW) as tx:
        with pytest.raises(NotPermitted):
            await templates.get(tx, BEAUTY)


@given(st.integers(1, 10**8), st.integers(100, 9_900))
def test_a_discount_is_never_dearer_and_never_free(price: int, rate: int) -> None:
    cut = discounted(price, rate)
    assert 1 <= cut <= price
    assert 100 <= rate_of(price, cut) <= 9_900


@given(
    st.dictionaries(st.from_regex(r"\A[a-z]{1,6}\Z"), st.text("甲乙丙丁", min_size=2, max_size=4))
)
def test_names_go_into_a_text_and_come_out_again(names: dict[str, str]) -> None:
    text = " · ".join(f"{{{key}}}" for key in names)
    said = filled(text, names, 1_000)
    assert said == " · ".join(names.values()).strip()
    assert filled(emptied(said, names), names, 1_000) == said
