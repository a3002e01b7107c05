"""The port behind which everybody stands who knows where parcels are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from xinbo.commerce.fulfilment._rules.carriers import CarrierCode
from xinbo.commerce.fulfilment._types import TrackEvent
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Invalid


class TrackerUnknown(Invalid):
    """Raised when nobody tracks parcels under that name, or not in this way."""


class PushRefused(Invalid):
    """Raised when what claims to come from a tracking provider cannot be believed (`reason`)."""

    status = 400


class Tracked(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel as a provider gets to know it."""

    shipment_id: UUID
    carrier: CarrierCode
    number: str
    phone_tail: str
    """The last four digits of the recipient's phone: some carriers answer only to them."""


class TrackNews(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a provider says of a parcel, once its signature is checked."""

    shipment_id: UUID
    """What we called the parcel when we subscribed."""
    number: str
    events: list[TrackEvent]
    """New ones, or all of them: events that are known already change nothing."""


class Tracker(Protocol):
    """Somebody who knows where parcels are."""

    @property
    def name(self) -> str:
        """Name in addresses and in the database."""
        ...

    @property
    def sandbox(self) -> bool:
        """Whether no real carrier is asked."""
        ...

    async def subscribe(self, tx: Tx, parcel: Tracked) -> None:
        """Ask for news of a parcel. Asked twice, it is one subscription."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> TrackNews:
        """Check the signature over the raw body and read it, or raise `PushRefused`."""
        ...

    async def poll(self, tx: Tx, parcel: Tracked) -> Sequence[TrackEvent]:
        """Say all that is known of a parcel by now."""
        ...


_trackers: dict[str, Tracker] = {}
_chosen: list[str] = []


def use(tracker: Tracker) -> None:
    """Know this provider in this process; the latest one is asked about new parcels."""
    _trackers[tracker.name] = tracker
    _chosen.append(tracker.name)


def chosen() -> Tracker:
    """Return who is asked about new parcels."""
    return _trackers[_chosen[-1]]


def find(name: str) -> Tracker:
    """Return the provider of that name, or refuse."""
    if name not in _trackers:
        raise TrackerUnknown(provider=name[:40])
    return _trackers[name]
