"""Hand out tickets: in web, to those who may come in."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from xinbo.engines.tx import Role, Tx
from xinbo.identity import accounts, merchants
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import new_id
from xinbo.live import shows
from xinbo.live.edge._rules import Claims, RoomRole, guest_name, sign
from xinbo.live.edge._types import Places, Ticket, Visitor

OPEN = frozenset({shows.ShowStatus.SCHEDULED, shows.ShowStatus.LIVE})


class RoomClosed(Conflict):
    """Raised when a show has no room to join: it is over, or not announced. Says its `status`."""


async def ticket(tx: Tx, show_id: UUID, places: Places, key: bytes) -> Ticket:
    """Let a shopper, or a guest, into the room of a show that is announced or on air.

    A guest without a viewer id gets one: the caller keeps it in a cookie.
    """
    show = await shows.get(tx, show_id)
    if show.status not in OPEN:
        raise RoomClosed(status=show.status)
    if tx.actor.role is Role.SHOPPER and tx.actor.user_id:
        name = await accounts.nickname(tx, tx.actor.user_id)
        visitor = Visitor(viewer_id=tx.actor.user_id, name=name, role=RoomRole.SHOPPER)
    else:
        viewer_id = tx.actor.viewer_id or new_id()
        visitor = Visitor(viewer_id=viewer_id, name=guest_name(viewer_id), role=RoomRole.GUEST)
    return _ticket(tx, show_id, visitor, places, key)


async def staff_ticket(tx: Tx, show_id: UUID, places: Places, key: bytes) -> Ticket:
    """Let the merchant's staff into a show's room, whatever the show's status.

    They speak under the show's or the shop's name: viewers talk to the shop, and nobody's own
    name is given away.
    """
    require(tx, Can.SEE_CONSOLE)
    show = await shows.get(tx, show_id)
    if tx.actor.role is Role.HOST:
        name, role = show.host_name, RoomRole.HOST
    else:
        name, role = (await merchants.current(tx)).name, RoomRole.STAFF
    visitor = Visitor(
        viewer_id=tx.actor.user_id or new_id(),
        name=name,
        role=role,
        rehearsal=show.status is shows.ShowStatus.REHEARSAL,
    )
    return _ticket(tx, show_id, visitor, places, key)


def simulated_ticket(tx: Tx, show_id: UUID, visitor: Visitor, places: Places, key: bytes) -> Ticket:
    """Let a member of a simulated audience in. Whatever comes of it is marked as simulated."""
    require(tx, Can.RUN_SHOWS)
    return _ticket(tx, show_id, msgspec.structs.replace(visitor, simulated=True), places, key)


def _ticket(tx: Tx, show_id: UUID, visitor: Visitor, places: Places, key: bytes) -> Ticket:
    claims = Claims(
        show_id=show_id,
        merchant_id=tx.merchant_id,
        viewer_id=visitor.viewer_id,
        name=visitor.name,
        role=visitor.role,
        issued=int(tx.now.timestamp()),
        simulated=visitor.simulated,
        rehearsal=visitor.rehearsal,
    )
    return Ticket(
        ticket=sign(claims, key),
        edge_url=places.edge,
        media_url=places.media,
        expires_at=datetime.fromtimestamp(claims.until, UTC),
        viewer_id=visitor.viewer_id,
        nickname=visitor.name,
        can_chat=visitor.role is not RoomRole.GUEST,
    )
