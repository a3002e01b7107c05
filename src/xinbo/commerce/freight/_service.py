"""Keep freight templates, and say what sending goods costs."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import catalog
from xinbo.commerce.catalog import ProductNotFound
from xinbo.commerce.freight._models import ProductTemplateRow, TemplateRow
from xinbo.commerce.freight._rules import (
    ChargedBy,
    Parcel,
    Zone,
    fee,
    grouped,
    is_free,
    units_of,
    zone_of,
)
from xinbo.commerce.freight._types import (
    AssignTemplate,
    Freight,
    FreightStep,
    PutTemplate,
    Template,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import new_id

MOST = 100
"""Templates of one merchant: a list that needs no pages."""


class TemplateNotFound(NotFound):
    """Raised when the merchant has no such freight template."""


class TooManyTemplates(Conflict):
    """Raised when a merchant has `most` freight templates already."""


class _Tariff(msgspec.Struct, frozen=True):
    """A template as it charges."""

    id: UUID
    name: str
    charged_by: ChargedBy
    zones: list[Zone]


async def templates(tx: Tx) -> list[Template]:
    """List the merchant's templates (at most `MOST`), the oldest first."""
    require(tx, Can.SEE_ORDERS)
    rows = await tx.db.scalars(
        select(TemplateRow)
        .where(TemplateRow.merchant_id == tx.merchant_id)
        .order_by(TemplateRow.id)
        .execution_options(populate_existing=True)
    )
    counts = await _counts(tx)
    return [_view(row, counts.get(row.id, 0)) for row in rows]


async def add(tx: Tx, command: PutTemplate) -> Template:
    """Make a template. The merchant's first one is the default, whatever is said."""
    require(tx, Can.EDIT_GOODS)
    known = await tx.db.scalar(
        select(func.count())
        .select_from(TemplateRow)
        .where(TemplateRow.merchant_id == tx.merchant_id)
    )
    if (known or 0) >= MOST:
        raise TooManyTemplates(most=MOST)
    row = TemplateRow(id=new_id(), merchant_id=tx.merchant_id, is_default=False)
    await _write(tx, row, command)
    return _view(row, 0)


async def put(tx: Tx, template_id: UUID, command: PutTemplate) -> Template:
    """Change a template; orders placed before keep what they were charged."""
    require(tx, Can.EDIT_GOODS)
    row = await _row(tx, template_id)
    await _write(tx, row, command)
    return _view(row, (await _counts(tx)).get(row.id, 0))


async def remove(tx: Tx, template_id: UUID) -> None:
    """Take a template away; its products are charged by the default one from now on."""
    require(tx, Can.EDIT_GOODS)
    row = await _row(tx, template_id)
    await tx.db.execute(
        delete(ProductTemplateRow).where(ProductTemplateRow.template_id == template_id)
    )
    await tx.db.delete(row)
    await tx.db.flush()


async def assign(tx: Tx, command: AssignTemplate) -> None:
    """Charge products by a template, or by the default one where it is null."""
    require(tx, Can.EDIT_GOODS)
    product_ids = sorted(set(command.product_ids))
    known = {product.id for product in await catalog.products(tx, product_ids)}
    for product_id in product_ids:
        if product_id not in known:
            raise ProductNotFound(product_id=product_id)
    if command.template_id is None:
        await tx.db.execute(
            delete(ProductTemplateRow).where(
                ProductTemplateRow.merchant_id == tx.merchant_id,
                ProductTemplateRow.product_id.in_(product_ids),
            )
        )
        return
    row = await _row(tx, command.template_id)
    statement = insert(ProductTemplateRow)
    await tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=[ProductTemplateRow.merchant_id, ProductTemplateRow.product_id],
            set_={"template_id": statement.excluded.template_id},
        ),
        [
            {"merchant_id": tx.merchant_id, "product_id": product_id, "template_id": row.id}
            for product_id in product_ids
        ],
    )


async def assigned(tx: Tx, template_id: UUID) -> list[UUID]:
    """List the products that have this template as their own (at most 500)."""
    require(tx, Can.SEE_ORDERS)
    await _row(tx, template_id)
    found = await tx.db.scalars(
        select(ProductTemplateRow.product_id)
        .where(
            ProductTemplateRow.merchant_id == tx.merchant_id,
            ProductTemplateRow.template_id == template_id,
        )
        .order_by(ProductTemplateRow.product_id)
        .limit(500)
    )
    return list(found)


async def quote(tx: Tx, parcels: Sequence[Parcel], region: Sequence[str]) -> Freight:
    """Say what sending these pieces to a region costs, and which SKUs are not sent there.

    `region` is an address's: province, city, district. Without any template, sending is free.
    """
    (answer,) = await quote_all(tx, [(parcels, region)])
    return answer


async def quote_all(
    tx: Tx, asks: Iterable[tuple[Sequence[Parcel], Sequence[str]]]
) -> list[Freight]:
    """Answer many questions of `quote` with two queries."""
    wishes = list(asks)
    own, default, tariffs = await _tariffs(
        tx, {parcel.product_id for parcels, _ in wishes for parcel in parcels}
    )
    return [_quote(parcels, region, own, default, tariffs) for parcels, region in wishes]


def _quote(
    parcels: Sequence[Parcel],
    region: Sequence[str],
    own: dict[UUID, UUID],
    default: UUID | None,
    tariffs: dict[UUID, _Tariff],
) -> Freight:
    steps: list[FreightStep] = []
    refused: list[UUID] = []
    for template_id, some in grouped(parcels, own, default).items():
        if template_id is None:
            continue
        tariff = tariffs[template_id]
        zone = zone_of(tariff.zones, region)
        if zone is None or not zone.deliver:
            refused += [parcel.sku_id for parcel in some]
            continue
        units = units_of(tariff.charged_by, some)
        full = fee(zone, units)
        free = is_free(zone, some)
        steps.append(
            FreightStep(
                template_id=template_id,
                name=tariff.name,
                charged_by=tariff.charged_by,
                units=units,
                fee=0 if free else full,
                free=free and full > 0,
                sku_ids=[parcel.sku_id for parcel in some],
            )
        )
    return Freight(amount=sum(step.fee for step in steps), why=steps, refused=refused)


async def _tariffs(
    tx: Tx, product_ids: set[UUID]
) -> tuple[dict[UUID, UUID], UUID | None, dict[UUID, _Tariff]]:
    """Return which template charges which product, the default one, and the templates."""
    pairs = await tx.db.execute(
        select(ProductTemplateRow.product_id, ProductTemplateRow.template_id).where(
            ProductTemplateRow.merchant_id == tx.merchant_id,
            ProductTemplateRow.product_id.in_(product_ids),
        )
    )
    own = {row.product_id: row.template_id for row in pairs}
    rows = (
        await tx.db.execute(
            select(
                TemplateRow.id,
                TemplateRow.name,
                TemplateRow.charged_by,
                TemplateRow.zones,
                TemplateRow.is_default,
            ).where(
                TemplateRow.merchant_id == tx.merchant_id,
                or_(TemplateRow.is_default, TemplateRow.id.in_(set(own.values()))),
            )
        )
    ).all()
    default = next((row.id for row in rows if row.is_default), None)
    tariffs = {
        row.id: _Tariff(row.id, row.name, row.charged_by, msgspec.convert(row.zones, list[Zone]))
        for row in rows
    }
    return own, default, tariffs


async def _write(tx: Tx, row: TemplateRow, command: PutTemplate) -> None:
    # Whoever writes a default takes turns, so that two at once do not leave two of them.
    await tx.db.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"freight-{tx.merchant_id}", 0)))
    )
    default = await tx.db.scalar(
        select(TemplateRow.id).where(
            TemplateRow.merchant_id == tx.merchant_id, TemplateRow.is_default
        )
    )
    if command.is_default and default not in (None, row.id):
        await tx.db.execute(
            update(TemplateRow)
            .where(TemplateRow.id == default)
            .values(is_default=False)
            .execution_options(synchronize_session=False)
        )
    row.name = command.name.strip()
    row.charged_by = command.charged_by
    row.zones = [msgspec.to_builtins(zone) for zone in command.zones]
    row.is_default = command.is_default or default in (None, row.id)
    row.ships_from = command.ships_from.strip()
    row.updated_at = tx.now
    tx.db.add(row)
    await tx.db.flush()


async def _row(tx: Tx, template_id: UUID) -> TemplateRow:
    row = await tx.db.scalar(
        select(TemplateRow)
        .where(TemplateRow.id == template_id, TemplateRow.merchant_id == tx.merchant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise TemplateNotFound(template_id=template_id)
    return row


async def _counts(tx: Tx) -> dict[UUID, int]:
    rows = await tx.db.execute(
        select(ProductTemplateRow.template_id, func.count())
        .where(ProductTemplateRow.merchant_id == tx.merchant_id)
        .group_by(ProductTemplateRow.template_id)
    )
    return {template_id: int(count) for template_id, count in rows}


def _view(row: TemplateRow, products: int) -> Template:
    return Template(
        id=row.id,
        name=row.name,
        charged_by=row.charged_by,
        zones=msgspec.convert(row.zones, list[Zone]),
        is_default=row.is_default,
        ships_from=row.ships_from,
        products=products,
        updated_at=row.updated_at,
    )
