"""Tables of the books room. A trigger of migration 0004 keeps them balanced and unchanged."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model


class PostingRow(Model):
    """Something that happened, once per key."""

    __tablename__ = "book_posting"
    __table_args__ = (UniqueConstraint("merchant_id", "key", name="book_posting_once"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    key: Mapped[str]
    kind: Mapped[str]
    ref_id: Mapped[UUID]
    at: Mapped[datetime]


class EntryRow(Model):
    """One leg. Carries what its posting says, so that a journal is read without a join."""

    __tablename__ = "book_entry"
    __table_args__ = (
        Index("book_entry_account", "merchant_id", "account", "owner_id", "unit"),
        Index("book_entry_ref", "merchant_id", "ref_id"),
        Index("book_entry_journal", "merchant_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    posting_id: Mapped[UUID] = mapped_column(ForeignKey("book_posting.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    ref_id: Mapped[UUID]
    account: Mapped[str]
    owner_id: Mapped[UUID]
    unit: Mapped[str]
    amount: Mapped[int]
