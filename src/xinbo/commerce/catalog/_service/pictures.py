"""Add pictures to products and take them away."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from xinbo.commerce.catalog import _rules
from xinbo.commerce.catalog._models import PictureRow
from xinbo.commerce.catalog._service import reads
from xinbo.commerce.catalog._service.shrinking import PictureRefused, shrink
from xinbo.commerce.catalog._types import Picture, ProductChanged, ProductStatus, PutPicture
from xinbo.engines import blobs
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import NotFound
from xinbo.kit.ids import new_id

MOST = 24


class PictureNotFound(NotFound):
    """Raised when the product has no such picture."""


async def add_picture(tx: Tx, product_id: UUID, content: bytes, alt: str = "") -> Picture:
    """Add a picture at the end, from the bytes of a JPEG, PNG or WebP file."""
    require(tx, Can.EDIT_GOODS)
    shrunk = await asyncio.to_thread(shrink, content)
    product = await reads.row(tx, product_id, for_update=True)
    if len(product.pictures) >= MOST:
        raise PictureRefused(reason="too_many_pictures", most=MOST)
    row = PictureRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        product_id=product_id,
        position=1 + max((each.position for each in product.pictures), default=-1),
        key=await tx.database.blobs.put(shrunk.picture, "webp"),
        thumb_key=await tx.database.blobs.put(shrunk.thumb, "webp"),
        alt=_rules.clean(alt),
        width=shrunk.width,
        height=shrunk.height,
    )
    tx.db.add(row)
    product.updated_at = tx.now
    await tx.db.flush()
    await tx.emit(ProductChanged(product_id=product_id, status=ProductStatus(product.status)))
    return Picture.of(row)


async def remove_picture(tx: Tx, product_id: UUID, picture_id: UUID) -> None:
    """Take a picture off a product. Its blob stays: orders and other products may show it."""
    require(tx, Can.EDIT_GOODS)
    product = await reads.row(tx, product_id, for_update=True)
    row = next((each for each in product.pictures if each.id == picture_id), None)
    if row is None:
        raise PictureNotFound(picture_id=picture_id)
    await tx.db.delete(row)
    product.updated_at = tx.now
    await tx.db.flush()
    await tx.emit(ProductChanged(product_id=product_id, status=ProductStatus(product.status)))


async def owned(tx: Tx, urls: Sequence[str]) -> set[str]:
    """Return those of the addresses that are pictures of this merchant's goods."""
    return {blobs.url(key) for key in await _by_key(tx, urls)}


async def show(tx: Tx, wanted: Mapping[UUID, Sequence[PutPicture]]) -> None:
    """Add pictures that the merchant has already to products which do not show them yet."""
    known = await _by_key(tx, [each.url for pictures in wanted.values() for each in pictures])
    shown = await tx.db.execute(
        select(PictureRow.product_id, PictureRow.key, PictureRow.position).where(
            PictureRow.product_id == func.any(list(wanted))
        )
    )
    keys: dict[UUID, set[str]] = {product_id: set() for product_id in wanted}
    last = dict.fromkeys(wanted, -1)
    for product_id, key, position in shown:
        keys[product_id].add(key)
        last[product_id] = max(last[product_id], position)
    rows: list[dict[str, Any]] = []
    for product_id, pictures in wanted.items():
        for picture in pictures:
            model = known.get(blobs.key_of(picture.url) or "")
            if model is None or model.key in keys[product_id] or len(keys[product_id]) >= MOST:
                continue
            keys[product_id].add(model.key)
            last[product_id] += 1
            rows.append(_copy(model, product_id, last[product_id], picture.alt))
    if rows:
        await tx.db.execute(insert(PictureRow), rows)


async def _by_key(tx: Tx, urls: Sequence[str]) -> dict[str, PictureRow]:
    keys = {key for each in urls if (key := blobs.key_of(each))}
    found = await tx.db.scalars(
        select(PictureRow).where(
            PictureRow.merchant_id == tx.merchant_id, PictureRow.key == func.any(list(keys))
        )
    )
    return {each.key: each for each in found}


def _copy(model: PictureRow, product_id: UUID, position: int, alt: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "merchant_id": model.merchant_id,
        "product_id": product_id,
        "position": position,
        "key": model.key,
        "thumb_key": model.thumb_key,
        "alt": _rules.clean(alt),
        "width": model.width,
        "height": model.height,
    }
