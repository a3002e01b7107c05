"""What a show prepares for: risks, who answers, and the playbooks of its merchant."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests.live.contingency.support import show_with_hero
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.identity.accounts import AddStaff
from xinbo.kit.ids import new_id
from xinbo.live import contingency
from xinbo.live.contingency import (
    ContingencyRefused,
    IncidentKind,
    Part,
    PlaybookNotFound,
    PlaybookRefused,
    PutContingency,
    PutPlaybook,
    PutPlaybookStep,
    PutPost,
    PutRisk,
)
from xinbo.live.shows import ShowNotFound, VersionConflict

pytestmark = pytest.mark.anyio


async def test_preparing_adds_the_usual_risks_and_one_for_each_hero_once(tx: Tx) -> None:
    show_id, hero, other = await show_with_hero(tx)
    before = await contingency.get(tx, show_id)
    assert (before.version, before.risks, before.unprepared) == (0, [], [hero.id])

    ready = await contingency.prepare(tx, show_id)
    again = await contingency.prepare(tx, show_id)

    assert {risk.kind for risk in ready.risks} == set(IncidentKind)
    (of_hero,) = [risk for risk in ready.risks if risk.product_id is not None]
    assert (of_hero.product_id, of_hero.score) == (hero.id, 12)
    assert await contingency.prepared(tx, show_id) == {hero.id}
    assert (ready.unprepared, again) == ([], ready)
    assert other.id not in {risk.product_id for risk in ready.risks}


async def test_a_hero_whose_risk_no_playbook_answers_is_not_prepared(tx: Tx) -> None:
    show_id, hero, _ = await show_with_hero(tx)
    bare = PutRisk(
        kind=IncidentKind.STOCK_OUT, title="卖完", probability=2, impact=4, product_id=hero.id
    )
    written = await contingency.put(tx, show_id, PutContingency(risks=[bare], team=[], version=0))
    assert (written.unprepared, await contingency.prepared(tx, show_id)) == ([hero.id], set())


async def test_the_plan_is_written_whole_and_risks_keep_their_ids(tx: Tx) -> None:
    show_id, _, _ = await show_with_hero(tx)
    someone = await accounts.add_staff(
        tx,
        AddStaff(
            email=f"{new_id()}@m.example", name="阿青", role=Role.OPERATOR, password="correct horse"
        ),
    )
    ready = await contingency.prepare(tx, show_id)
    first = ready.risks[0]
    kept = PutRisk(
        id=first.id,
        kind=first.kind,
        word=None,
        title="机房断网",
        probability=5,
        impact=5,
        prevention="备用 5G",
        owner_id=someone.id,
        playbook_id=first.playbook_id,
    )
    post = PutPost(part=Part.TECH, staff_id=someone.id)
    written = await contingency.put(
        tx, show_id, PutContingency(risks=[kept], team=[post], version=ready.version)
    )
    (risk,) = written.risks
    assert (risk.id, risk.word, risk.title, risk.level) == (first.id, None, "机房断网", "extreme")
    assert [post.part for post in written.team] == list(Part)
    assert {post.part: post.staff_id for post in written.team}[Part.TECH] == someone.id
    with pytest.raises(VersionConflict):
        await contingency.put(tx, show_id, PutContingency(risks=[], team=[], version=ready.version))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"product_id": new_id()}, "not_on_line_up"),
        ({"playbook_id": new_id()}, "no_such_playbook"),
        ({"owner_id": new_id()}, "not_staff"),
    ],
)
async def test_a_risk_names_only_what_is_there(tx: Tx, wrong: dict[str, Any], reason: str) -> None:
    show_id, _, _ = await show_with_hero(tx)
    risk = PutRisk(kind=IncidentKind.OTHER, title="停电", probability=1, impact=4, **wrong)
    with pytest.raises(ContingencyRefused) as refused:
        await contingency.put(tx, show_id, PutContingency(risks=[risk], team=[], version=0))
    assert refused.value.facts["reason"] == reason


async def test_a_playbook_of_the_house_is_rewritten_and_comes_back_when_deleted(tx: Tx) -> None:
    brought = (await contingency.playbooks(tx))[0]
    assert (brought.standard, brought.version, brought.word) == (True, 0, "stream_down")
    own = PutPlaybookStep(text="打给机房值班", part=Part.TECH)
    kept = PutPlaybookStep(text="whatever the page shows", part=Part.CONTROL, word="stream_say")
    put = PutPlaybook(
        kind=brought.kind, title="Stream lost", word="stream_down", steps=[kept, own], version=0
    )

    written = await contingency.put_playbook(tx, brought.id, put)

    assert (written.id, written.standard, written.version) == (brought.id, False, 1)
    assert (written.word, written.title) == ("stream_down", brought.title)
    assert [(step.word, step.text) for step in written.steps] == [
        ("stream_say", brought.steps[0].text),
        (None, "打给机房值班"),
    ]
    with pytest.raises(VersionConflict):
        await contingency.put_playbook(tx, brought.id, put)
    await contingency.remove_playbook(tx, brought.id)
    assert (await contingency.playbooks(tx))[0] == brought


async def test_a_playbook_of_ones_own_stands_last_and_is_gone_when_deleted(tx: Tx) -> None:
    step = PutPlaybookStep(text="停止收款，发公告", part=Part.LEAD)
    own = await contingency.add_playbook(
        tx, PutPlaybook(kind=IncidentKind.OTHER, title="支付故障", steps=[step], version=None)
    )
    assert (await contingency.playbooks(tx))[-1] == own
    await contingency.remove_playbook(tx, own.id)
    with pytest.raises(PlaybookNotFound):
        await contingency.playbook(tx, own.id)


async def test_a_playbook_of_the_house_keeps_its_kind(tx: Tx) -> None:
    brought = (await contingency.playbooks(tx))[0]
    step = PutPlaybookStep(text="x", part=Part.LEAD)
    with pytest.raises(PlaybookRefused):
        await contingency.put_playbook(
            tx,
            brought.id,
            PutPlaybook(kind=IncidentKind.OTHER, title="x", steps=[step], version=0),
        )


async def test_two_who_rewrite_a_playbook_at_once_are_told_apart(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        brought = (await contingency.playbooks(tx))[0]

    async def rewrite(title: str) -> str:
        step = PutPlaybookStep(text=title, part=Part.LEAD)
        put = PutPlaybook(kind=brought.kind, title=title, steps=[step], version=0)
        try:
            async with database.begin(owner) as tx:
                return (await contingency.put_playbook(tx, brought.id, put)).title
        except VersionConflict:
            return "late"

    titles = await asyncio.gather(*(rewrite(title) for title in ("甲", "乙", "丙")))
    assert sorted(titles).count("late") == 2


async def test_another_merchant_sees_and_changes_nothing(tx: Tx, other_merchant_id: UUID) -> None:
    show_id, _, _ = await show_with_hero(tx)
    step = PutPlaybookStep(text="x", part=Part.LEAD)
    own = await contingency.add_playbook(
        tx, PutPlaybook(kind=IncidentKind.OTHER, title="自有", steps=[step], version=None)
    )
    stranger = tx.acting(Actor(other_merchant_id, Role.OWNER, new_id()))
    with pytest.raises(ShowNotFound):
        await contingency.get(stranger, show_id)
    with pytest.raises(PlaybookNotFound):
        await contingency.playbook(stranger, own.id)
    with pytest.raises(PlaybookNotFound):
        await contingency.remove_playbook(stranger, own.id)


@pytest.mark.parametrize("role", [Role.HOST, Role.SERVICE, Role.ANALYST, Role.SHOPPER])
async def test_only_those_who_plan_shows_write_the_plan(tx: Tx, role: Role) -> None:
    show_id, _, _ = await show_with_hero(tx)
    with pytest.raises(NotPermitted):
        await contingency.prepare(tx.acting(Actor(tx.merchant_id, role, new_id())), show_id)
