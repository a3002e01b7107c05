"""Where returned goods go: the merchant's usual address."""

from msgspec.structs import asdict
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce.aftersales._models import ReturnAddressRow
from xinbo.commerce.aftersales._types import ReturnAddress, ReturnTo
from xinbo.engines.tx import Tx
from xinbo.identity import merchants
from xinbo.identity.access import Can, require


async def usual_address(tx: Tx) -> ReturnAddress:
    """Return where returns go: what the merchant wrote, or the seller's registered address."""
    known = await tx.db.scalar(
        select(ReturnAddressRow.recipient).where(ReturnAddressRow.merchant_id == tx.merchant_id)
    )
    if known is not None:
        return ReturnAddress(**{name: str(value) for name, value in known.items()})
    seller = await merchants.current(tx)
    return ReturnAddress(
        name=seller.seller_name, phone=seller.seller_contact, address=seller.seller_address
    )


async def return_address(tx: Tx) -> ReturnAddress:
    """Show the staff where returns go."""
    require(tx, Can.SEE_ORDERS)
    return await usual_address(tx)


async def put_return_address(tx: Tx, command: ReturnTo) -> ReturnAddress:
    """Write where returns go from now on; cases that were approved keep theirs."""
    require(tx, Can.SERVE_ORDERS)
    statement = insert(ReturnAddressRow).values(
        merchant_id=tx.merchant_id, recipient=asdict(command)
    )
    await tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=[ReturnAddressRow.merchant_id],
            set_={"recipient": statement.excluded.recipient},
        )
    )
    return ReturnAddress(name=command.name, phone=command.phone, address=command.address)
