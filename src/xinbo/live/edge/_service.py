"""Hand out tickets: in web, to those who may come in."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from xinbo.commerce import members, orders
from xinbo.engines.tx import Role, Tx
from xinbo.identity import accounts, merchants
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, NotAllowed
from xinbo.kit.ids import new_id
from xinbo.live import chat, shows
from xinbo.live.edge._rules import Claims, RoomRole, guest_name, sign
from xinbo.live.edge._types import Places, Ticket, Visitor

OPEN = frozenset({shows.ShowStatus.SCHEDULED, shows.ShowStatus.LIVE})


class RoomClosed(Conflict):
    """Raised when a show has no room to join: it is over, or not announced. Says its `status`."""


class SentOut(NotAllowed):
    """Raised when someone was sent out of the show. Says the `rule`, and what to appeal against."""


async def ticket(tx: Tx, show_id: UUID, places: Places, key: bytes) -> Ticket:
    """Let a shopper, or a guest, into the room of a show that is announced or on air.

    A guest without a viewer id gets one: the caller keeps it in a cookie.
    """
    show = await shows.get(tx, show_id)
    if show.status not in OPEN:
        raise RoomClosed(status=show.status)
    if tx.actor.role is Role.SHOPPER and tx.actor.user_id:
        visitor = await _shopper(tx, show_id, tx.actor.user_id)
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
        staff=await _staff_name(tx),
        seat=tx.actor.role,
        rehearsal=show.status is shows.ShowStatus.REHEARSAL,
    )
    return _ticket(tx, show_id, visitor, places, key)


async def _shopper(tx: Tx, show_id: UUID, shopper_id: UUID) -> Visitor:
    """Let a shopper in with the badges that go beside their words, unless they were sent out."""
    sanction = await chat.kicked(tx, show_id, shopper_id)
    if sanction is not None:
        raise SentOut(sanction_id=sanction.id, rule=sanction.rule, note=sanction.note)
    member = await members.get(tx, shopper_id)
    return Visitor(
        viewer_id=shopper_id,
        name=await accounts.nickname(tx, shopper_id),
        role=RoomRole.SHOPPER,
        level=member.level_name if member.joined_at else None,
        buyer=await orders.bought(tx, shopper_id),
    )


async def _staff_name(tx: Tx) -> str:
    if tx.actor.user_id is None:
        return ""
    return (await accounts.staff_names(tx, [tx.actor.user_id])).get(tx.actor.user_id, "")


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
        level=visitor.level,
        buyer=visitor.buyer,
        staff=visitor.staff,
        seat=visitor.seat,
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
