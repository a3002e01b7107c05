"""Staff: sign in by password, seats and roles."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.exc import IntegrityError

from xinbo.engines.callers import signed_in
from xinbo.engines.tx import STAFF, Actor, Role, Tx, system
from xinbo.identity import merchants
from xinbo.identity.access import Can, allowed, require
from xinbo.identity.accounts._models import ShopperRow, StaffRow
from xinbo.identity.accounts._rules import phone
from xinbo.identity.accounts._sessions import end_sessions_of, open_session
from xinbo.identity.accounts._types import (
    AddStaff,
    Colleague,
    EditStaff,
    StaffMe,
    StaffMember,
    StaffSignIn,
)
from xinbo.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from xinbo.kit.ids import new_id

hasher = PasswordHasher()
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$vNrJehcOhuE9j3L3FvzgQw"
    "$bjh1glXzviIx/JXInK4vPQoMvFAcuSt6iyW9nNZfd9w"
)
"""The hash of a password that nobody has, at the strength of the others."""

MOST = 500
"""Colleagues in a list to choose from."""


class PasswordRefused(NotAllowed):
    """Raised when e-mail and password do not fit: which of the two is not told."""


class EmailTaken(Conflict):
    """Raised when someone has a seat under this e-mail already."""


class StaffNotFound(NotFound):
    """Raised when the merchant has no such staff member."""


class LastOwner(Conflict):
    """Raised when a change would leave the merchant without an owner."""


class RoleRefused(Invalid):
    """Raised when a role is not one that staff can have."""


async def staff_sign_in(tx: Tx, command: StaffSignIn) -> tuple[StaffMe, str]:
    """Check the password and open a session. Ten tries in a quarter of an hour."""
    email = command.email.lower()
    await tx.limit(f"password:{email}", 10, timedelta(minutes=15))
    await tx.limit(f"password-address:{tx.actor.address}", 100, timedelta(minutes=15))
    row = await tx.db.scalar(
        select(StaffRow).where(StaffRow.email == email, StaffRow.active.is_(True))
    )
    # An unknown e-mail costs the same hashing, so that time does not tell who has a seat.
    fits = await asyncio.to_thread(_fits, row.password_hash if row else NOBODY, command.password)
    if row is None or not fits:
        raise PasswordRefused
    await tx.forgive(f"password:{email}")
    async with tx.database.begin(system(row.merchant_id), tx.now) as own:
        token = await open_session(own, row.role, row.id)
        return await staff_me(own, row.id), token


def _fits(password_hash: str, password: str) -> bool:
    try:
        return hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


async def staff_me(tx: Tx, staff_id: UUID) -> StaffMe:
    """Show a staff member to themselves."""
    row = await _row(tx, staff_id)
    merchant = await merchants.current(tx)
    return StaffMe(
        id=row.id,
        email=row.email,
        name=row.name,
        role=row.role,
        merchant_id=merchant.id,
        merchant_slug=merchant.slug,
        merchant_name=merchant.name,
        permissions=sorted(allowed(row.role)),
    )


async def staff(tx: Tx) -> list[StaffMember]:
    """List the merchant's staff. For those who manage it."""
    signed_in(tx)
    require(tx, Can.MANAGE_STAFF)
    rows = await tx.db.scalars(select(StaffRow).where(_visible(tx.actor)).order_by(StaffRow.id))
    return [StaffMember.of(row) for row in rows]


async def add_staff(tx: Tx, command: AddStaff) -> StaffMember:
    """Give someone a seat."""
    require(tx, Can.MANAGE_STAFF)
    if command.role not in STAFF:
        raise RoleRefused(role=command.role)
    row = StaffRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        email=command.email.lower(),
        name=command.name.strip(),
        role=command.role,
        password_hash=await asyncio.to_thread(hasher.hash, command.password),
        active=True,
        phone=phone(command.phone) if command.phone else None,
    )
    try:
        async with tx.db.begin_nested():
            tx.db.add(row)
    except IntegrityError:
        raise EmailTaken(email=command.email) from None
    return StaffMember.of(row)


async def edit_staff(tx: Tx, staff_id: UUID, command: EditStaff) -> StaffMember:
    """Change someone's role or take the seat away; either signs them out everywhere."""
    signed_in(tx)
    require(tx, Can.MANAGE_STAFF)
    if command.role not in STAFF:
        raise RoleRefused(role=command.role)
    owners = select(StaffRow.id).where(
        StaffRow.merchant_id == tx.merchant_id,
        StaffRow.role == Role.OWNER,
        StaffRow.active.is_(True),
    )
    held = set(await tx.db.scalars(owners.order_by(StaffRow.id).with_for_update()))
    row = await _row(tx, staff_id)
    stays_owner = command.role is Role.OWNER and command.active
    if held == {row.id} and not stays_owner:
        raise LastOwner
    row.role, row.active = command.role, command.active
    if command.phone is not None:
        row.phone = phone(command.phone)
    await tx.db.flush()
    await end_sessions_of(tx, staff_id)
    return StaffMember.of(row)


async def staff_name(tx: Tx, staff_id: UUID) -> str:
    """Return a staff member's name."""
    return (await _row(tx, staff_id)).name


async def staff_names(tx: Tx, staff_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Name colleagues to each other; whoever is not of this merchant is left out."""
    require(tx, Can.SEE_CONSOLE)
    rows = await tx.db.execute(
        select(StaffRow.id, StaffRow.name).where(
            StaffRow.id.in_(list(staff_ids)), StaffRow.merchant_id == tx.merchant_id
        )
    )
    return {row.id: row.name for row in rows}


async def insiders(tx: Tx, shopper_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these shoppers who work for the merchant: they have a colleague's number."""
    found = await tx.db.scalars(
        select(ShopperRow.id)
        .join(
            StaffRow,
            and_(
                StaffRow.merchant_id == ShopperRow.merchant_id,
                StaffRow.phone == ShopperRow.phone,
                StaffRow.active.is_(True),
            ),
        )
        .where(ShopperRow.merchant_id == tx.merchant_id, ShopperRow.id.in_(list(shopper_ids)))
    )
    return set(found)


async def colleagues(tx: Tx) -> list[Colleague]:
    """List who works here, for anyone who does: whom to give a seat or a task."""
    require(tx, Can.SEE_CONSOLE)
    rows = await tx.db.scalars(
        select(StaffRow)
        .where(StaffRow.merchant_id == tx.merchant_id, StaffRow.active.is_(True))
        .order_by(StaffRow.id)
        .limit(MOST)
    )
    return [Colleague.of(row) for row in rows]


async def has_owner(tx: Tx) -> bool:
    """Say whether the merchant has any owner yet."""
    return bool(
        await tx.db.scalar(
            select(func.count())
            .select_from(StaffRow)
            .where(StaffRow.merchant_id == tx.merchant_id, StaffRow.role == Role.OWNER)
        )
    )


async def _row(tx: Tx, staff_id: UUID) -> StaffRow:
    row = await tx.db.scalar(select(StaffRow).where(StaffRow.id == staff_id, _visible(tx.actor)))
    if row is None:
        raise StaffNotFound(staff_id=staff_id)
    return row


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show those who manage staff all seats of the merchant, others their own."""
    of_the_merchant = StaffRow.merchant_id == actor.merchant_id
    if Can.MANAGE_STAFF in allowed(actor.role):
        return of_the_merchant
    if actor.role in STAFF:
        return and_(of_the_merchant, or_(StaffRow.id == actor.user_id))
    return false()
