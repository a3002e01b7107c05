"""What a show prepares for: its risks, and who answers for what."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Invalid
from xinbo.kit.ids import new_id
from xinbo.live import shows
from xinbo.live.contingency._models import ContingencyRow, RiskRow
from xinbo.live.contingency._rules import (
    FORESEEN,
    OF_A_HERO,
    Foreseen,
    Part,
    level_of,
    score_of,
    standard,
    standard_id,
)
from xinbo.live.contingency._service.books import playbooks
from xinbo.live.contingency._types import (
    Contingency,
    ContingencyChanged,
    Post,
    PutContingency,
    PutRisk,
    Risk,
)
from xinbo.live.shows import LineUpItem, LineUpRole, VersionConflict


class ContingencyRefused(Invalid):
    """Raised when a risk or a post names what is not there. `at` says where, `reason` why."""


async def get(tx: Tx, show_id: UUID) -> Contingency:
    """Show the staff what a show has prepared for."""
    require(tx, Can.SEE_CONSOLE)
    await shows.console_get(tx, show_id)
    row = await tx.db.scalar(
        select(ContingencyRow).where(
            ContingencyRow.show_id == show_id, ContingencyRow.merchant_id == tx.merchant_id
        )
    )
    ready = await prepared(tx, show_id)
    return Contingency(
        show_id=show_id,
        version=0 if row is None else row.version,
        risks=await risks(tx, show_id),
        team=_team([] if row is None else msgspec.convert(row.team, list[Post])),
        unprepared=[hero for hero in await heroes(tx, show_id) if hero not in ready],
    )


async def risks(tx: Tx, show_id: UUID) -> list[Risk]:
    """List a show's risks in the order they were written."""
    rows = await tx.db.scalars(
        select(RiskRow)
        .where(RiskRow.show_id == show_id, RiskRow.merchant_id == tx.merchant_id)
        .order_by(RiskRow.position)
    )
    return [_risk(row) for row in rows]


async def heroes(tx: Tx, show_id: UUID) -> list[UUID]:
    """List the hero products of a show's line-up, in order."""
    return [item.product_id for item in await shows.line_up(tx, show_id) if is_hero(item)]


async def prepared(tx: Tx, show_id: UUID) -> set[UUID]:
    """List the products of a show that have a risk which a playbook answers."""
    known = {each.id for each in await playbooks(tx)}
    return {
        risk.product_id
        for risk in await risks(tx, show_id)
        if risk.product_id is not None and risk.playbook_id in known
    }


async def prepare(tx: Tx, show_id: UUID) -> Contingency:
    """Add the risks that every show has, and those of its hero products. What is there stays."""
    require(tx, Can.PLAN_SHOWS)
    row = await _locked(tx, show_id)
    before = await risks(tx, show_id)
    known = {(risk.kind, risk.product_id) for risk in before}
    wanted: list[tuple[Foreseen, UUID | None]] = [(each, None) for each in FORESEEN]
    wanted += [(OF_A_HERO, hero) for hero in await heroes(tx, show_id)]
    new = [(each, hero) for each, hero in wanted if (each.kind, hero) not in known]
    for place, (each, hero) in enumerate(new, len(before)):
        tx.db.add(
            RiskRow(
                id=new_id(),
                merchant_id=tx.merchant_id,
                show_id=show_id,
                position=place,
                kind=each.kind,
                word=each.kind.value,
                title=each.title,
                product_id=hero,
                probability=each.probability,
                impact=each.impact,
                prevention=each.prevention,
                owner_id=None,
                playbook_id=standard_id(tx.merchant_id, standard(each.kind).word),
            )
        )
    return await _changed(tx, row) if new or not row.version else await get(tx, show_id)


async def put(tx: Tx, show_id: UUID, command: PutContingency) -> Contingency:
    """Write a show's risks and posts, whole. Risks that come back with their id stay the same."""
    require(tx, Can.PLAN_SHOWS)
    row = await _locked(tx, show_id)
    if row.version != command.version:
        raise VersionConflict(version=row.version)
    await _check(tx, show_id, command)
    kept = {risk.id for risk in await risks(tx, show_id)}
    await tx.db.execute(
        delete(RiskRow).where(RiskRow.show_id == show_id, RiskRow.merchant_id == tx.merchant_id)
    )
    for place, risk in enumerate(command.risks):
        tx.db.add(_row(tx, show_id, place, risk, kept))
    row.team = msgspec.to_builtins(
        [
            Post(part=each.part, staff_id=each.staff_id, deputy_id=each.deputy_id)
            for each in command.team
        ]
    )
    return await _changed(tx, row)


async def _changed(tx: Tx, row: ContingencyRow) -> Contingency:
    row.version += 1
    await tx.db.flush()
    shown = await get(tx, row.show_id)
    await tx.emit(ContingencyChanged(show_id=row.show_id, risks=len(shown.risks)))
    return shown


async def _locked(tx: Tx, show_id: UUID) -> ContingencyRow:
    """Lock what a show has prepared, making it at first use."""
    await shows.console_get(tx, show_id)
    await tx.db.execute(
        insert(ContingencyRow)
        .values(show_id=show_id, merchant_id=tx.merchant_id, team=[], version=0)
        .on_conflict_do_nothing()
    )
    query = select(ContingencyRow).where(
        ContingencyRow.show_id == show_id, ContingencyRow.merchant_id == tx.merchant_id
    )
    return (
        await tx.db.scalars(query.with_for_update().execution_options(populate_existing=True))
    ).one()


async def _check(tx: Tx, show_id: UUID, command: PutContingency) -> None:
    """Refuse products off the line-up, playbooks that are not there, and strangers."""
    planned = {item.product_id for item in await shows.line_up(tx, show_id)}
    books = {each.id for each in await playbooks(tx)}
    named = {risk.owner_id for risk in command.risks} | {
        who for post in command.team for who in (post.staff_id, post.deputy_id)
    }
    people = await accounts.staff_names(tx, [who for who in named if who is not None])
    for at, risk in enumerate(command.risks):
        if risk.product_id is not None and risk.product_id not in planned:
            raise ContingencyRefused(at=at, reason="not_on_line_up", product_id=risk.product_id)
        if risk.playbook_id is not None and risk.playbook_id not in books:
            raise ContingencyRefused(at=at, reason="no_such_playbook")
        if risk.owner_id is not None and risk.owner_id not in people:
            raise ContingencyRefused(at=at, reason="not_staff")
    for at, post in enumerate(command.team):
        if any(who not in people for who in (post.staff_id, post.deputy_id) if who is not None):
            raise ContingencyRefused(at=at, reason="not_staff")
    if len({post.part for post in command.team}) < len(command.team):
        raise ContingencyRefused(at=0, reason="part_repeated")
    ids = [risk.id for risk in command.risks if risk.id is not None]
    if len(set(ids)) < len(ids):
        raise ContingencyRefused(at=0, reason="risk_repeated")


def is_hero(item: LineUpItem) -> bool:
    """Say whether a product is what the show lives on."""
    return item.role is LineUpRole.HERO


def _team(posts: Sequence[Post]) -> list[Post]:
    known = {post.part: post for post in posts}
    return [known.get(part, Post(part=part, staff_id=None, deputy_id=None)) for part in Part]


def _row(tx: Tx, show_id: UUID, place: int, risk: PutRisk, kept: set[UUID]) -> RiskRow:
    foreseen = next((each for each in (*FORESEEN, OF_A_HERO) if each.kind.value == risk.word), None)
    return RiskRow(
        id=risk.id if risk.id in kept else new_id(),
        merchant_id=tx.merchant_id,
        show_id=show_id,
        position=place,
        kind=risk.kind,
        word=risk.word if foreseen else None,
        title=foreseen.title if foreseen else risk.title.strip(),
        product_id=risk.product_id,
        probability=risk.probability,
        impact=risk.impact,
        prevention=foreseen.prevention if foreseen else risk.prevention.strip(),
        owner_id=risk.owner_id,
        playbook_id=risk.playbook_id,
    )


def _risk(row: RiskRow) -> Risk:
    return Risk(
        id=row.id,
        kind=row.kind,
        word=row.word,
        title=row.title,
        product_id=row.product_id,
        probability=row.probability,
        impact=row.impact,
        score=score_of(row.probability, row.impact),
        level=level_of(row.probability, row.impact),
        prevention=row.prevention,
        owner_id=row.owner_id,
        playbook_id=row.playbook_id,
    )
