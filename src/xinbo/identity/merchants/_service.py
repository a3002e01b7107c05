"""Find merchants, and open new ones."""

from uuid import UUID

from sqlalchemy import select

from xinbo.engines.tx import Tx
from xinbo.identity.merchants._models import MerchantRow
from xinbo.identity.merchants._types import Merchant
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import new_id


class MerchantNotFound(NotFound):
    """Raised when no merchant has that slug, or none exists yet."""


class SlugTaken(Conflict):
    """Raised when another merchant has the slug already."""


async def current(tx: Tx) -> Merchant:
    """Show the merchant that the actor is with."""
    row = await tx.db.get(MerchantRow, tx.merchant_id)
    if row is None:
        raise MerchantNotFound
    return Merchant.of(row)


async def find(tx: Tx, slug: str | None) -> UUID:
    """Return the id of the merchant with the slug, or of the first one where none is named."""
    query = select(MerchantRow.id).order_by(MerchantRow.id).limit(1)
    found = await tx.db.scalar(query if slug is None else query.where(MerchantRow.slug == slug))
    if found is None:
        raise MerchantNotFound(slug=slug)
    return found


async def open_merchant(tx: Tx, merchant: Merchant) -> Merchant:
    """Open a merchant (command line and demo; admission comes with governance)."""
    if await tx.db.scalar(select(MerchantRow.id).where(MerchantRow.slug == merchant.slug)):
        raise SlugTaken(slug=merchant.slug)
    fields = {name: getattr(merchant, name) for name in merchant.__struct_fields__}
    row = MerchantRow(**(fields | {"id": merchant.id or new_id()}), created_at=tx.now)
    tx.db.add(row)
    await tx.db.flush()
    return Merchant.of(row)
