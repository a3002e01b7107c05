"""Tables of the accounts room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.engines.tx import Role
from xinbo.kit.ids import new_id


class StaffRow(Model):
    """A seat: one person who works for a merchant."""

    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"), index=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    phone: Mapped[str | None]
    """Their own number, by which the shop knows its own people among its shoppers."""


class ShopperRow(Model):
    """A shopper of one merchant, known by phone number."""

    __tablename__ = "shopper"
    __table_args__ = (UniqueConstraint("merchant_id", "phone"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    phone: Mapped[str]
    nickname: Mapped[str]
    avatar_url: Mapped[str | None]
    created_at: Mapped[datetime]


class AddressRow(Model):
    """Where a shopper has goods sent."""

    __tablename__ = "address"
    __table_args__ = (
        Index("address_one_default", "shopper_id", unique=True, postgresql_where="is_default"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    shopper_id: Mapped[UUID] = mapped_column(ForeignKey("shopper.id"), index=True)
    name: Mapped[str]
    phone: Mapped[str]
    region: Mapped[list[str]]
    street: Mapped[str]
    is_default: Mapped[bool]


class SessionRow(Model):
    """Someone who is signed in. Only the token's hash is kept."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    role: Mapped[Role]
    user_id: Mapped[UUID] = mapped_column(index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class CodeRow(Model):
    """The sign-in code last sent to a phone. Only its hash is kept, bound to the phone."""

    __tablename__ = "sign_in_code"

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"), primary_key=True)
    phone: Mapped[str] = mapped_column(primary_key=True)
    code_hash: Mapped[str]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int]


class SandboxSmsRow(Model):
    """What the sandbox's SMS provider "sent": for the development page only."""

    __tablename__ = "sandbox_sms"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    phone: Mapped[str]
    code: Mapped[str]
    sent_at: Mapped[datetime]
