"""Tables of the fulfilment room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xinbo.commerce.fulfilment._rules.carriers import CarrierCode
from xinbo.commerce.fulfilment._rules.tracking import TrackKind
from xinbo.engines.db import Model
from xinbo.kit.ids import new_id


class ShipmentRow(Model):
    """One parcel."""

    __tablename__ = "shipment"
    __table_args__ = (
        UniqueConstraint("merchant_id", "idempotency_key", name="shipment_once"),
        Index("shipment_list", "merchant_id", "id"),
        Index("shipment_number", "merchant_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    carrier: Mapped[CarrierCode]
    number: Mapped[str]
    tracker: Mapped[str]
    """Who is asked about it."""
    status: Mapped[TrackKind]
    warehouse_id: Mapped[UUID | None]
    note: Mapped[str]
    recipient: Mapped[dict[str, object]] = mapped_column(JSONB)
    shipped_at: Mapped[datetime]
    shipped_by: Mapped[UUID | None]
    delivered_at: Mapped[datetime | None]
    idempotency_key: Mapped[str]
    fingerprint: Mapped[str]
    """Hash of the request's body, so that a key cannot be used for something else."""

    lines: Mapped[list["ShipmentLineRow"]] = relationship(
        lazy="raise", order_by="[ShipmentLineRow.order_id, ShipmentLineRow.position]"
    )
    events: Mapped[list["TrackEventRow"]] = relationship(lazy="raise")
    changes: Mapped[list["NumberChangeRow"]] = relationship(
        lazy="raise", order_by="NumberChangeRow.id.desc()"
    )


class ShipmentLineRow(Model):
    """Pieces of one line of an order, in a parcel."""

    __tablename__ = "shipment_line"
    __table_args__ = (Index("shipment_line_of_order", "merchant_id", "order_id"),)

    shipment_id: Mapped[UUID] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    merchant_id: Mapped[UUID]
    order_number: Mapped[str]
    sku_id: Mapped[UUID]
    title: Mapped[str]
    options: Mapped[list[str]]
    picture_url: Mapped[str | None]
    unit: Mapped[str]
    quantity: Mapped[int]


class TrackEventRow(Model):
    """Something that happened to a parcel under one of its numbers."""

    __tablename__ = "track_event"

    shipment_id: Mapped[UUID] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[TrackKind]
    text: Mapped[str]
    place: Mapped[str]
    heard_at: Mapped[datetime]


class NumberChangeRow(Model):
    """A correction of a parcel's number: what stood there before, who changed it and why."""

    __tablename__ = "shipment_number_change"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    shipment_id: Mapped[UUID] = mapped_column(ForeignKey("shipment.id"), index=True)
    at: Mapped[datetime]
    staff_id: Mapped[UUID | None]
    carrier: Mapped[CarrierCode]
    number: Mapped[str]
    reason: Mapped[str]


class BatchRow(Model):
    """A file of parcels."""

    __tablename__ = "shipping_batch"
    __table_args__ = (Index("shipping_batch_list", "merchant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    filename: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    """The file itself, until its parcels are sent or it is found broken."""
    state: Mapped[str]
    skip_errors: Mapped[bool] = mapped_column(default=False)
    rows: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    parcels: Mapped[int] = mapped_column(default=0)
    plan: Mapped[list[dict[str, object]] | None] = mapped_column(JSONB, deferred=True)
    """What is sent, from the moment it begins: a restart goes on with the same parcels."""
    errors: Mapped[list[dict[str, object]]] = mapped_column(JSONB, default=list)
    error_count: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[list[dict[str, object]]] = mapped_column(JSONB, default=list)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]


class SandboxParcelRow(Model):
    """The sandbox carrier's own books: what it will say of a parcel, and when."""

    __tablename__ = "sandbox_parcel"

    shipment_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    course: Mapped[str]
    events: Mapped[list[dict[str, object]]] = mapped_column(JSONB)


class ShelfRow(Model):
    """Where in a warehouse an SKU lies, as it stands on the picking list."""

    __tablename__ = "shelf"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    warehouse_id: Mapped[UUID] = mapped_column(primary_key=True)
    """NIL: the only warehouse of a merchant who names none."""
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[str]


class PromiseRow(Model):
    """By when an order that can be sent must have left; gone once it has."""

    __tablename__ = "ship_promise"
    __table_args__ = (Index("ship_promise_due", "merchant_id", "promised_at"),)

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    ready_at: Mapped[datetime]
    promised_at: Mapped[datetime]
