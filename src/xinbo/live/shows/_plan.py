"""The line-up and the run-of-show: what is sold, at what terms, in which order."""

from collections.abc import Container, Mapping, Sequence
from uuid import UUID

from msgspec import structs, to_builtins
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from xinbo.commerce import catalog, promotions
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, Invalid
from xinbo.kit.ids import NIL, new_id
from xinbo.live.shows._life import open_sale
from xinbo.live.shows._models import CueRow, LineUpItemRow, LineUpSkuRow
from xinbo.live.shows._rules import OVER, ShowStatus
from xinbo.live.shows._service import changed, line_up, locked, row
from xinbo.live.shows._types import PutCue, PutCues, PutLineUp, PutLineUpItem, ShowPlan


class LineUpRefused(Invalid):
    """Raised when a plan names what cannot stand in it. `reason` says why, `at` where."""


class LineUpLocked(Conflict):
    """Raised when the show is over and its line-up is on record."""


class CueHasRun(Conflict):
    """Raised when a cue that ran on air would be taken away or turned into another one.

    How long it takes, its lines and its owner may still change: they help while it runs. What it
    was about may not: the record and the review of the show hang on it.
    """


async def put_line_up(tx: Tx, show_id: UUID, command: PutLineUp) -> ShowPlan:
    """Write the line-up, whole. On air, prices and stock change at once.

    Cues let go of goods that leave it; those that ran keep what they were about.
    """
    require(tx, Can.PLAN_SHOWS)
    show = await locked(tx, show_id, command.version)
    if show.status in OVER:
        raise LineUpLocked(status=show.status)
    await _check(tx, command.items)
    await tx.db.execute(delete(LineUpItemRow).where(LineUpItemRow.show_id == show_id))
    await tx.db.execute(delete(LineUpSkuRow).where(LineUpSkuRow.show_id == show_id))
    for position, item in enumerate(command.items):
        tx.db.add(
            LineUpItemRow(
                merchant_id=tx.merchant_id,
                show_id=show_id,
                product_id=item.product_id,
                position=position,
                talking_points=item.talking_points,
                role=item.role,
            )
        )
        tx.db.add_all(
            LineUpSkuRow(
                merchant_id=tx.merchant_id,
                show_id=show_id,
                sku_id=sku.sku_id,
                product_id=item.product_id,
                place=place,
                price=sku.price,
                stock=sku.stock,
            )
            for place, sku in enumerate(item.skus)
        )
    await tx.db.flush()
    await _let_go(tx, show_id, {item.product_id for item in command.items})
    if show.status is ShowStatus.LIVE:
        await open_sale(tx, show_id, await line_up(tx, show_id))
    return await changed(tx, show, "line_up")


async def _let_go(tx: Tx, show_id: UUID, listed: set[UUID]) -> None:
    named = {str(each) for each in listed}
    for cue in await tx.db.scalars(
        select(CueRow).where(CueRow.show_id == show_id, CueRow.begun_at.is_(None))
    ):
        if cue.product_id is not None and cue.product_id not in listed:
            cue.product_id = None
        if any(each not in named for each in cue.product_ids):
            cue.product_ids = [each for each in cue.product_ids if each in named]
    await tx.db.flush()


async def put_cues(tx: Tx, show_id: UUID, command: PutCues) -> ShowPlan:
    """Write the run-of-show, whole. A cue that is named by its id stays the same cue.

    Raises `LineUpRefused` (`reason`: `not_on_line_up`, `promotion_unknown`, `cue_repeated`,
    `cue_elsewhere`) and, on air, `CueHasRun`.
    """
    require(tx, Can.PLAN_SHOWS)
    show = await locked(tx, show_id, command.version)
    if show.status in OVER:
        raise LineUpLocked(status=show.status)
    cues = [_whole(cue) for cue in command.cues]
    before = {
        each.id: each
        for each in await tx.db.scalars(
            select(CueRow).where(CueRow.show_id == show_id).with_for_update()
        )
    }
    ran = {each.id for each in before.values() if each.begun_at is not None}
    await _check_cues(tx, show_id, cues, ran)
    if show.status is ShowStatus.LIVE:
        _keep_what_ran(before, cues)
    await _not_elsewhere(tx, show_id, cues)
    named = {cue.id for cue in cues}
    await tx.db.execute(
        delete(CueRow).where(CueRow.show_id == show_id, CueRow.id.not_in(named - {None}))
    )
    try:
        async with tx.db.begin_nested():
            _write(tx, show_id, before, cues)
    except IntegrityError:  # another show took the id at this very moment
        raise LineUpRefused(at=0, reason="cue_elsewhere") from None
    return await changed(tx, show, "cues")


def _write(tx: Tx, show_id: UUID, before: Mapping[UUID, CueRow], cues: Sequence[PutCue]) -> None:
    for position, cue in enumerate(cues):
        kept = before.get(cue.id) if cue.id else None
        if kept is None:
            kept = CueRow(id=cue.id or new_id(), merchant_id=tx.merchant_id, show_id=show_id)
            tx.db.add(kept)
        for name, value in _fields(cue, position).items():
            setattr(kept, name, value)


async def begin_cue(tx: Tx, show_id: UUID, cue_id: UUID) -> None:
    """Put on record that a cue began on air. The stage calls it; a rehearsal leaves no record."""
    show = await row(tx, show_id)
    if show.status is not ShowStatus.LIVE:
        return
    await tx.db.execute(
        update(CueRow)
        .where(CueRow.id == cue_id, CueRow.show_id == show_id, CueRow.begun_at.is_(None))
        .values(begun_at=tx.now)
    )


def _whole(cue: PutCue) -> PutCue:
    """Name the product to pin among the cue's goods, and each of them once."""
    goods = [cue.product_id, *cue.product_ids] if cue.product_id else cue.product_ids
    return structs.replace(
        cue,
        title=cue.title.strip(),
        owner=cue.owner.strip(),
        product_ids=list(dict.fromkeys(goods)),
        forbidden=list(dict.fromkeys(word.strip() for word in cue.forbidden)),
    )


def _fields(cue: PutCue, position: int) -> dict[str, object]:
    return {
        "position": position,
        "kind": cue.kind,
        "title": cue.title,
        "minutes": cue.minutes,
        "product_id": cue.product_id,
        "notes": cue.notes,
        "starts_minute": cue.starts_minute,
        "format": cue.format,
        "product_ids": [str(each) for each in cue.product_ids],
        "promotion_id": cue.promotion_id,
        "game_id": cue.game_id,
        "talking_points": cue.talking_points,
        "claims": to_builtins(cue.claims),
        "forbidden": cue.forbidden,
        "owner": cue.owner,
        "target_units": cue.target_units,
    }


async def _check_cues(
    tx: Tx, show_id: UUID, cues: Sequence[PutCue], ran: Container[UUID | None]
) -> None:
    """Refuse cues that name goods off the line-up, others' promotions, or one id twice.

    Games live above this room; that they belong to the show is readiness' business.
    """
    planned = {item.product_id for item in await line_up(tx, show_id)}
    known: set[UUID] = set()
    seen: set[UUID] = set()
    for at, cue in enumerate(cues):
        for product_id in cue.product_ids:
            if product_id not in planned and cue.id not in ran:
                raise LineUpRefused(at=at, reason="not_on_line_up", product_id=product_id)
        if cue.promotion_id is not None and cue.promotion_id not in known:
            try:
                promotion = await promotions.get(tx, cue.promotion_id)
            except promotions.PromotionNotFound:
                promotion = None
            if promotion is None or promotion.venue_id not in (NIL, show_id):
                raise LineUpRefused(
                    at=at, reason="promotion_unknown", promotion_id=cue.promotion_id
                )
            known.add(cue.promotion_id)
        if cue.id in seen:
            raise LineUpRefused(at=at, reason="cue_repeated", cue_id=cue.id)
        if cue.id is not None:
            seen.add(cue.id)


def _keep_what_ran(before: Mapping[UUID, CueRow], cues: Sequence[PutCue]) -> None:
    after = {cue.id: cue for cue in cues}
    for ran in before.values():
        if ran.begun_at is None:
            continue
        cue = after.get(ran.id)
        if cue is None or _about(cue) != _about(ran):
            raise CueHasRun(cue_id=ran.id, title=ran.title)


def _about(cue: PutCue | CueRow) -> tuple[object, ...]:
    return (cue.kind, cue.title, cue.product_id, cue.promotion_id, cue.game_id)


async def _not_elsewhere(tx: Tx, show_id: UUID, cues: Sequence[PutCue]) -> None:
    """Refuse an id that is another show's cue: ids are the caller's to choose, not to take."""
    wanted = [cue.id for cue in cues if cue.id is not None]
    taken = await tx.db.scalar(
        select(CueRow.id).where(CueRow.id.in_(wanted), CueRow.show_id != show_id).limit(1)
    )
    if taken is not None:
        at = next(at for at, cue in enumerate(cues) if cue.id == taken)
        raise LineUpRefused(at=at, reason="cue_elsewhere", cue_id=taken)


async def _check(tx: Tx, items: Sequence[PutLineUpItem]) -> None:
    """Refuse unknown or repeated products and SKUs, and prices above the list price."""
    products = {
        product.id: product
        for product in await catalog.products(tx, [item.product_id for item in items])
    }
    if len({item.product_id for item in items}) < len(items):
        raise LineUpRefused(at=0, reason="product_repeated")
    for at, item in enumerate(items):
        product = products.get(item.product_id)
        if product is None or product.status is not catalog.ProductStatus.ACTIVE:
            raise LineUpRefused(at=at, reason="product_not_on_sale", product_id=item.product_id)
        prices = {sku.id: sku.price for sku in product.skus}
        if len({sku.sku_id for sku in item.skus}) < len(item.skus):
            raise LineUpRefused(at=at, reason="sku_repeated", product_id=item.product_id)
        for sku in item.skus:
            if sku.sku_id not in prices:
                raise LineUpRefused(at=at, reason="sku_unknown", sku_id=sku.sku_id)
            if sku.price > prices[sku.sku_id]:
                raise LineUpRefused(
                    at=at,
                    reason="price_above_list",
                    sku_id=sku.sku_id,
                    list_price=prices[sku.sku_id],
                )
