"""Write products: one at a time, or ten thousand. Both take the same road."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import IntegrityError

from xinbo.commerce import prices
from xinbo.commerce.catalog import _rules
from xinbo.commerce.catalog._models import ProductRow, SkuRow
from xinbo.commerce.catalog._rules import words
from xinbo.commerce.catalog._service import categories, indexing, reads
from xinbo.commerce.catalog._service.pictures import PictureNotFound, show
from xinbo.commerce.catalog._types import (
    Product,
    ProductChanged,
    ProductStatus,
    PutProduct,
    PutSku,
    Upsert,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, Invalid, NotFound
from xinbo.kit.ids import NIL, new_id
from xinbo.kit.money import CURRENCY


class SkuCodeTaken(Conflict):
    """Raised when a variant that is for sale has the SKU code already."""


class HandleTaken(Conflict):
    """Raised when another product has the handle already."""


class OptionsMismatch(Invalid):
    """Raised when a variant has not one value for each option name, or repeats another."""


class AttributeRefused(Invalid):
    """Raised when an attribute is not what the category asks for: `key` and `reason`."""


class SkuNotFound(NotFound):
    """Raised when a variant that is to be changed is none of this product's."""


async def add(tx: Tx, command: PutProduct) -> Product:
    """Add a product."""
    require(tx, Can.EDIT_GOODS)
    wanted = command.handle or await _free_handle(tx, _rules.handle_of(command.title))
    _check_pictures(command, set())
    product_id = new_id()
    await _write(tx, {product_id: msgspec.structs.replace(command, handle=wanted)})
    return await reads.get(tx, product_id)


async def put(tx: Tx, product_id: UUID, command: PutProduct) -> Product:
    """Change a product. Variants left out are retired; a retired one comes back by its code."""
    require(tx, Can.EDIT_GOODS)
    row = await reads.row(tx, product_id, for_update=True)
    wanted = command.handle or row.handle
    _check_pictures(command, {picture.id for picture in row.pictures})
    await _write(tx, {product_id: msgspec.structs.replace(command, handle=wanted)})
    return await reads.get(tx, product_id)


async def upsert_many(tx: Tx, upserts: Sequence[Upsert]) -> dict[str, UUID]:
    """Write many products as `add` and `put` would; return the id of each SKU code.

    Handles must be given. 10,000 take a few seconds.
    """
    require(tx, Can.EDIT_GOODS)
    commands = {each.id or new_id(): each for each in upserts}
    known = [each.id for each in upserts if each.id]
    locked = await tx.db.scalars(
        select(ProductRow.id)
        .where(ProductRow.id == func.any(known), ProductRow.merchant_id == tx.merchant_id)
        .order_by(ProductRow.id)
        .with_for_update()
    )
    if missing := set(known) - set(locked):
        raise reads.ProductNotFound(product_id=min(missing))
    ids = await _write(tx, {key: each.product for key, each in commands.items()})
    await show(tx, {key: each.pictures for key, each in commands.items() if each.pictures})
    return ids


async def _write(tx: Tx, commands: Mapping[UUID, PutProduct]) -> dict[str, UUID]:
    """Write these products and their variants; return the id of each SKU code."""
    cleaned = {product_id: _clean(command) for product_id, command in commands.items()}
    await _check_attributes(tx, cleaned.values())
    await _check_unique(tx, cleaned)
    async with _taken():
        await tx.db.execute(
            _upsert(ProductRow, {"created_at", "merchant_id"}),
            [_product(tx, product_id, command) for product_id, command in cleaned.items()],
        )
        ids = await _write_skus(tx, cleaned)
    await indexing.index(tx, {key: _searched(each) for key, each in cleaned.items()})
    await tx.emit(
        *(ProductChanged(product_id=key, status=each.status) for key, each in cleaned.items())
    )
    return ids


async def _write_skus(tx: Tx, commands: Mapping[UUID, PutProduct]) -> dict[str, UUID]:
    """Retire every variant, then write those that stay.

    A retired variant does not hold its code, so variants may swap codes without tripping over
    the unique index half way.
    """
    known = await tx.db.execute(
        select(SkuRow.product_id, SkuRow.id, SkuRow.code, SkuRow.retired_at)
        .where(SkuRow.product_id == func.any(list(commands)))
        .order_by(SkuRow.retired_at)
    )
    of_product: set[tuple[UUID, UUID]] = set()
    retired: dict[tuple[UUID, str], UUID] = {}
    for product_id, sku_id, code, retired_at in known:
        of_product.add((product_id, sku_id))
        if retired_at is not None:
            retired[product_id, code] = sku_id
    rows: list[dict[str, Any]] = []
    for product_id, command in commands.items():
        for position, sku in enumerate(command.skus):
            if sku.id and (product_id, sku.id) not in of_product:
                raise SkuNotFound(sku_id=sku.id)
            sku_id = sku.id or retired.get((product_id, sku.code)) or new_id()
            rows.append(_sku(tx, product_id, sku_id, position, sku) | _measure(command, sku))
    await tx.db.execute(
        update(SkuRow)
        .where(SkuRow.product_id == func.any(list(commands)), SkuRow.retired_at.is_(None))
        .values(retired_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    await tx.db.execute(_upsert(SkuRow, {"merchant_id", "product_id", "currency"}), rows)
    await _show_prices(tx, commands, rows, {sku_id for _, sku_id in of_product})
    return {row["code"]: row["id"] for row in rows}


def _upsert(model: type[ProductRow | SkuRow], kept: set[str]) -> Insert:
    """Insert a row, or change the one of the same id but for the columns that are kept."""
    statement = insert(model.__table__)  # pyright: ignore[reportArgumentType] # a Table indeed
    columns = {column.name for column in model.__table__.columns} - kept - {"id"}
    return statement.on_conflict_do_update(
        index_elements=["id"], set_={name: statement.excluded[name] for name in columns}
    )


def _product(tx: Tx, product_id: UUID, command: PutProduct) -> dict[str, Any]:
    return {
        "id": product_id,
        "merchant_id": tx.merchant_id,
        "handle": command.handle,
        "title": command.title,
        "subtitle": command.subtitle,
        "description": command.description,
        "unit": command.unit,
        "status": command.status,
        "option_names": command.option_names,
        "category_id": command.category_id,
        "brand": command.brand,
        "attributes": command.attributes,
        "content": command.content,
        "content_unit": command.content_unit,
        "created_at": tx.now,
        "updated_at": tx.now,
    }


def _sku(tx: Tx, product_id: UUID, sku_id: UUID, position: int, sku: PutSku) -> dict[str, Any]:
    return {
        "id": sku_id,
        "merchant_id": tx.merchant_id,
        "product_id": product_id,
        "position": position,
        "code": sku.code,
        "options": sku.options,
        "price": sku.price,
        "currency": CURRENCY,
        "barcode": sku.barcode,
        "grams": sku.grams,
        "content": sku.content,
        "picture_id": sku.picture_id,
        "retired_at": None,
    }


def _measure(command: PutProduct, sku: PutSku) -> dict[str, Any]:
    return {"measure": sku.content or command.content, "measure_unit": command.content_unit}


def _searched(command: PutProduct) -> tuple[words.Text, int]:
    said = words.Text(
        title=command.title,
        subtitle=command.subtitle,
        brand=command.brand,
        handle=command.handle or "",
        codes=[sku.code for sku in command.skus],
        attributes=command.attributes,
    )
    return said, indexing.lowest(sku.price for sku in command.skus)


async def _show_prices(
    tx: Tx, commands: Mapping[UUID, PutProduct], rows: Sequence[Mapping[str, Any]], gone: set[UUID]
) -> None:
    """Log the list prices that shoppers see from now on, and the end of those they do not."""
    on_sale = [row for row in rows if commands[row["product_id"]].status is ProductStatus.ACTIVE]
    await prices.show(
        tx,
        [
            prices.Shown(
                venue_id=NIL, sku_id=row["id"], source_id=NIL, kind="retail", price=row["price"]
            )
            for row in on_sale
        ],
    )
    if hidden := gone - {row["id"] for row in on_sale}:
        await prices.withdraw(tx, NIL, hidden)


async def _check_attributes(tx: Tx, commands: Collection[PutProduct]) -> None:
    """Refuse what the category does not know, or lacks."""
    wanted = {each.category_id for each in commands if each.category_id}
    known = await categories.definitions(tx, list(wanted)) if wanted else {}
    for command in commands:
        if command.category_id and command.category_id not in known:
            raise categories.CategoryNotFound(category_id=command.category_id)
        asked = known[command.category_id] if command.category_id else []
        if wrong := _rules.fault(asked, command.attributes):
            key, reason = wrong
            raise AttributeRefused(key=key, reason=reason)


def _clean(command: PutProduct) -> PutProduct:
    """Make every text fit to be kept, and check the variants against each other."""
    clean = _rules.clean
    skus = [
        msgspec.structs.replace(
            sku,
            code=clean(sku.code),
            barcode=clean(sku.barcode),
            options=[clean(value) for value in sku.options],
        )
        for sku in command.skus
    ]
    names = [clean(name) for name in command.option_names]
    wrong = _rules.mismatch(names, (sku.options for sku in skus))
    if wrong is not None or len(set(names)) < len(names):
        raise OptionsMismatch(option_names=names, options=wrong)
    return msgspec.structs.replace(
        command,
        handle=clean(command.handle or ""),
        title=clean(command.title),
        subtitle=clean(command.subtitle),
        description=_rules.paragraph(command.description),
        unit=clean(command.unit),
        brand=clean(command.brand),
        attributes={
            key: clean(value) if isinstance(value, str) else value
            for key, value in command.attributes.items()
        },
        option_names=names,
        skus=skus,
    )


async def _check_unique(tx: Tx, commands: Mapping[UUID, PutProduct]) -> None:
    """Refuse codes and handles that two of these share, or that others have."""
    handles = [str(command.handle) for command in commands.values()]
    codes = [sku.code for command in commands.values() for sku in command.skus]
    ids = list(commands)
    taken = await tx.db.scalars(
        select(ProductRow.handle).where(
            ProductRow.merchant_id == tx.merchant_id,
            ProductRow.handle == func.any(handles),
            ProductRow.id != func.all(ids),
        )
    )
    for handle in _repeated(handles) or taken:
        raise HandleTaken(handle=handle)
    taken = await tx.db.scalars(
        select(SkuRow.code).where(
            SkuRow.merchant_id == tx.merchant_id,
            SkuRow.code == func.any(codes),
            SkuRow.retired_at.is_(None),
            SkuRow.product_id != func.all(ids),
        )
    )
    for code in _repeated(codes) or taken:
        raise SkuCodeTaken(code=code)


def _check_pictures(command: PutProduct, known: set[UUID]) -> None:
    for sku in command.skus:
        if sku.picture_id is not None and sku.picture_id not in known:
            raise PictureNotFound(picture_id=sku.picture_id)


async def _free_handle(tx: Tx, wanted: str) -> str:
    taken = await tx.db.scalars(
        select(ProductRow.handle).where(
            ProductRow.merchant_id == tx.merchant_id,
            ProductRow.handle.startswith(wanted, autoescape=True),
        )
    )
    return _rules.free(wanted, taken)


def _repeated(names: Sequence[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]


@asynccontextmanager
async def _taken() -> AsyncGenerator[None]:
    """Say who won where two write the same code or handle at the same time."""
    try:
        yield
    except IntegrityError as error:
        message = str(error.orig)
        if "product_handle" in message:
            raise HandleTaken(handle=None) from None
        if "sku_code" in message:
            raise SkuCodeTaken(code=None) from None
        raise
