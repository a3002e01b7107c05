"""Shoppers: sign in by code, profile, addresses."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, false, func, select, update
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.accounts._models import AddressRow, CodeRow, SandboxSmsRow, ShopperRow
from xinbo.identity.accounts._rules import (
    CODE_LASTS,
    CODE_TRIES,
    RESEND_AFTER,
    digest,
    masked,
    new_code,
    phone,
    same,
)
from xinbo.identity.accounts._sessions import open_session
from xinbo.identity.accounts._types import (
    Address,
    AskCode,
    CodeSent,
    DevCode,
    EditMe,
    Face,
    Me,
    PutAddress,
    ShopperJoined,
    SignIn,
)
from xinbo.kit.errors import Conflict, NotAllowed, NotFound
from xinbo.kit.ids import new_id

MOST_ADDRESSES = 20
log = logging.getLogger("xinbo.sms")


class CodeRefused(NotAllowed):
    """Raised when a code is wrong, too old, used up or was never sent: they look alike."""


class AddressNotFound(NotFound):
    """Raised when there is no such address, or it is someone else's."""


class AddressBookFull(Conflict):
    """Raised when a shopper has as many addresses as we keep."""


async def send_code(tx: Tx, command: AskCode) -> CodeSent:
    """Send a fresh code; an older one stops working.

    Once a minute and ten times a day for a phone, thirty times an hour for an address.
    """
    number = phone(command.phone)
    await tx.limit(f"code:{tx.merchant_id}:{number}", 1, RESEND_AFTER)
    await tx.limit(f"code-day:{tx.merchant_id}:{number}", 10, timedelta(days=1))
    await tx.limit(f"code-address:{tx.actor.address}", 30, timedelta(hours=1))
    code = new_code()
    fields = {
        "code_hash": digest(code, number),
        "sent_at": tx.now,
        "expires_at": tx.now + CODE_LASTS,
        "tries": 0,
    }
    await tx.db.execute(
        insert(CodeRow)
        .values(merchant_id=tx.merchant_id, phone=number, **fields)
        .on_conflict_do_update(index_elements=[CodeRow.merchant_id, CodeRow.phone], set_=fields)
    )
    await _send_sandbox_sms(tx, number, code)
    return CodeSent(
        phone=masked(number),
        expires_at=tx.now + CODE_LASTS,
        resend_after=int(RESEND_AFTER.total_seconds()),
    )


async def _send_sandbox_sms(tx: Tx, number: str, code: str) -> None:
    """Stand in for an SMS gateway: the log and the development page show the code."""
    tx.db.add(SandboxSmsRow(merchant_id=tx.merchant_id, phone=number, code=code, sent_at=tx.now))
    log.warning("sandbox SMS to %s: your code is %s", number, code)


async def dev_codes(tx: Tx) -> list[DevCode]:
    """List the sandbox's last twenty messages, newest first."""
    rows = await tx.db.scalars(
        select(SandboxSmsRow)
        .where(SandboxSmsRow.merchant_id == tx.merchant_id)
        .order_by(SandboxSmsRow.id.desc())
        .limit(20)
    )
    return [DevCode.of(row) for row in rows]


async def sign_in(tx: Tx, command: SignIn) -> tuple[Me, str]:
    """Check the code and open a session, and the account if it is new; return its token too."""
    number = phone(command.phone)
    await tx.limit(f"sign-in:{tx.merchant_id}:{number}", 15, timedelta(minutes=15))
    await tx.limit(f"sign-in-address:{tx.actor.address}", 300, timedelta(minutes=15))
    if not await _try(tx, number, command.code):
        raise CodeRefused
    await tx.db.execute(
        delete(CodeRow).where(CodeRow.merchant_id == tx.merchant_id, CodeRow.phone == number)
    )
    shopper = await join(tx, number)
    return await me(tx, shopper), await open_session(tx, Role.SHOPPER, shopper)


async def _try(tx: Tx, number: str, code: str) -> bool:
    """Use up one try of the phone's code, and say if it fits.

    In a transaction of its own, before the answer is known: a refusal must not give it back,
    and guesses at the same moment count one by one.
    """
    async with tx.aside() as apart:
        code_hash = await apart.db.scalar(
            update(CodeRow)
            .where(
                CodeRow.merchant_id == tx.merchant_id,
                CodeRow.phone == number,
                CodeRow.expires_at > tx.now,
                CodeRow.tries < CODE_TRIES,
            )
            .values(tries=CodeRow.tries + 1)
            .returning(CodeRow.code_hash)
        )
    return code_hash is not None and same(code_hash, digest(code, number))


async def join(tx: Tx, number: str, nickname: str | None = None) -> UUID:
    """Return the shopper with this phone (E.164), opening the account at the first time."""
    fresh = new_id()
    joined = await tx.db.scalar(
        insert(ShopperRow)
        .values(
            id=fresh,
            merchant_id=tx.merchant_id,
            phone=number,
            nickname=nickname or f"用户{number[-4:]}",
            created_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(ShopperRow.id)
    )
    if joined is not None:
        await tx.emit(ShopperJoined(shopper_id=joined))
        return joined
    return (
        await tx.db.scalars(
            select(ShopperRow.id).where(
                ShopperRow.merchant_id == tx.merchant_id, ShopperRow.phone == number
            )
        )
    ).one()


async def me(tx: Tx, shopper_id: UUID) -> Me:
    """Show a shopper to themselves."""
    row = await _shopper(tx, shopper_id)
    default = await tx.db.scalar(
        select(AddressRow)
        .where(AddressRow.shopper_id == shopper_id, AddressRow.merchant_id == tx.merchant_id)
        .order_by(AddressRow.is_default.desc(), AddressRow.id.desc())
        .limit(1)
    )
    return Me(
        id=row.id,
        phone=masked(row.phone),
        nickname=row.nickname,
        avatar_url=row.avatar_url,
        default_address=None if default is None else Address.of(default),
    )


async def edit_me(tx: Tx, shopper_id: UUID, command: EditMe) -> Me:
    """Change the nickname."""
    (await _shopper(tx, shopper_id)).nickname = command.nickname.strip()
    await tx.db.flush()
    return await me(tx, shopper_id)


async def nicknames(tx: Tx, shopper_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the nicknames of these shoppers of the merchant."""
    rows = await tx.db.execute(
        select(ShopperRow.id, ShopperRow.nickname).where(
            ShopperRow.merchant_id == tx.merchant_id, ShopperRow.id.in_(shopper_ids)
        )
    )
    return {row.id: row.nickname for row in rows}


async def faces(tx: Tx, shopper_ids: Iterable[UUID]) -> dict[UUID, Face]:
    """Return name and picture of these shoppers of the merchant."""
    rows = await tx.db.execute(
        select(ShopperRow.id, ShopperRow.nickname, ShopperRow.avatar_url).where(
            ShopperRow.merchant_id == tx.merchant_id, ShopperRow.id.in_(shopper_ids)
        )
    )
    return {row.id: Face(nickname=row.nickname, avatar_url=row.avatar_url) for row in rows}


async def nickname(tx: Tx, shopper_id: UUID) -> str:
    """Return one shopper's nickname."""
    return (await _shopper(tx, shopper_id)).nickname


async def _shopper(tx: Tx, shopper_id: UUID) -> ShopperRow:
    row = await tx.db.scalar(
        select(ShopperRow).where(
            ShopperRow.id == shopper_id, ShopperRow.merchant_id == tx.merchant_id
        )
    )
    if row is None:
        raise CodeRefused
    return row


async def addresses(tx: Tx, shopper_id: UUID) -> list[Address]:
    """List a shopper's addresses, the default one first."""
    rows = await tx.db.scalars(
        select(AddressRow)
        .where(AddressRow.shopper_id == shopper_id, _visible(tx.actor))
        .order_by(AddressRow.is_default.desc(), AddressRow.id.desc())
    )
    return [Address.of(row) for row in rows]


async def address(tx: Tx, shopper_id: UUID, address_id: UUID) -> Address:
    """Show one of a shopper's addresses."""
    return Address.of(await _address(tx, shopper_id, address_id))


async def addresses_of(
    tx: Tx, pairs: Iterable[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], Address]:
    """Return the addresses named by (shopper, address), in one query; strangers' are left out."""
    wanted = set(pairs)
    rows = await tx.db.scalars(
        select(AddressRow).where(
            AddressRow.id.in_({address_id for _, address_id in wanted}), _visible(tx.actor)
        )
    )
    found = {(row.shopper_id, row.id): Address.of(row) for row in rows}
    return {pair: found[pair] for pair in wanted & found.keys()}


async def add_address(tx: Tx, shopper_id: UUID, command: PutAddress) -> Address:
    """Add an address. The first one is the default one."""
    held = await tx.db.scalar(
        select(func.count()).select_from(AddressRow).where(AddressRow.shopper_id == shopper_id)
    )
    if (held or 0) >= MOST_ADDRESSES:
        raise AddressBookFull(most=MOST_ADDRESSES)
    if command.is_default:
        await _no_default(tx, shopper_id)
    row = AddressRow(
        id=new_id(), merchant_id=tx.merchant_id, shopper_id=shopper_id, **_fields(command)
    )
    row.is_default = command.is_default or not held
    tx.db.add(row)
    await tx.db.flush()
    return Address.of(row)


async def put_address(tx: Tx, shopper_id: UUID, address_id: UUID, command: PutAddress) -> Address:
    """Change an address."""
    row = await _address(tx, shopper_id, address_id)
    if command.is_default and not row.is_default:
        await _no_default(tx, shopper_id)
    for name, value in _fields(command).items():
        setattr(row, name, value)
    await tx.db.flush()
    return Address.of(row)


async def remove_address(tx: Tx, shopper_id: UUID, address_id: UUID) -> None:
    """Remove an address. Orders keep a copy of theirs."""
    await tx.db.delete(await _address(tx, shopper_id, address_id))


def _fields(command: PutAddress) -> dict[str, object]:
    return {
        "name": command.name.strip(),
        "phone": phone(command.phone),
        "region": list(command.region),
        "street": command.street.strip(),
        "is_default": command.is_default,
    }


async def _no_default(tx: Tx, shopper_id: UUID) -> None:
    await tx.db.execute(
        update(AddressRow).where(AddressRow.shopper_id == shopper_id).values(is_default=False)
    )


async def _address(tx: Tx, shopper_id: UUID, address_id: UUID) -> AddressRow:
    row = await tx.db.scalar(
        select(AddressRow).where(
            AddressRow.id == address_id,
            AddressRow.shopper_id == shopper_id,
            _visible(tx.actor),
        )
    )
    if row is None:
        raise AddressNotFound(address_id=address_id)
    return row


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show shoppers their own addresses, the system the merchant's, nobody else any."""
    of_the_merchant = AddressRow.merchant_id == actor.merchant_id
    match actor.role:
        case Role.SYSTEM:
            return of_the_merchant
        case Role.SHOPPER:
            return and_(of_the_merchant, AddressRow.shopper_id == actor.user_id)
        case _:
            return false()
