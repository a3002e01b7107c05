"""Structs of the cast room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, Event, View
from xinbo.live.broadcasts import SourceName

type Sdp = Annotated[str, Meta(min_length=10, max_length=20_000, pattern=r"^v=0")]
"""A session description of WebRTC, with all its candidates."""


class SeatKind(StrEnum):
    """What someone of the staff does in a show. Guests have links instead of seats."""

    HOST = "host"
    BACKUP_HOST = "backup_host"
    CONTROLLER = "controller"
    MODERATOR = "moderator"
    SERVICE = "service"


class CastLayout(StrEnum):
    """How the host's page puts the host and the guests into one picture."""

    HOST_ONLY = "host_only"
    SIDE_BY_SIDE = "side_by_side"
    PICTURE_IN_PICTURE = "picture_in_picture"
    GUEST_ONLY = "guest_only"


class GuestState(StrEnum):
    """How far a guest has come."""

    INVITED = "invited"
    ASKING = "asking"
    ADMITTED = "admitted"
    ON_AIR = "on_air"
    LEFT = "left"
    REMOVED = "removed"


class ShowSeat(View, frozen=True):
    """Someone's seat in a show."""

    kind: SeatKind
    user_id: UUID
    name: str
    """As colleagues know them."""
    stage_name: str
    """As phones show them, once they hold the show."""
    present: bool
    source: SourceName | None
    """By which source this person's page publishes now."""


class SeatPresent(View, frozen=True):
    """Someone of the staff whose console is open."""

    user_id: UUID
    name: str


class ShowGuest(View, frozen=True):
    """A guest, as the staff see them."""

    id: UUID
    name: str
    state: GuestState
    present: bool
    """Whether their page is open."""
    token: str
    """What the link ends in."""
    expires_at: datetime
    round: int
    """Counts the tries to connect; an answer belongs to one of them."""
    offer: str | None
    answered: bool


class Cast(View, frozen=True):
    """Who is on which seat, who holds the show, and who is a guest."""

    show_id: UUID
    version: int
    """Counts the changes of seats and host; what `seen` refers to."""
    host_user_id: UUID | None
    """Who holds the show; null before anyone was given the seat."""
    host_name: str
    layout: CastLayout
    seats: list[ShowSeat]
    others: list[SeatPresent]
    """Whose console is open without a seat."""
    guests: list[ShowGuest]
    ice_servers: list[str]


class GuestSeat(View, frozen=True):
    """A guest's own view, behind their link."""

    show_title: str
    host_name: str
    merchant_name: str
    name: str
    state: GuestState
    round: int
    answer: str | None
    expires_at: datetime
    ice_servers: list[str]


class AssignSeat(Command, frozen=True):
    """Give a member of the staff a seat."""

    user_id: UUID
    kind: SeatKind
    stage_name: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")] | None = None
    """For hosts; their own name if null."""


class ConsoleHere(Command, frozen=True):
    """A console's sign of life, each few seconds."""

    source: SourceName | None = None
    """By which source this page publishes, if it does."""


class HandShow(Command, frozen=True):
    """Let somebody else hold the show."""

    to_user: UUID
    source: SourceName | None = None
    """The source whose pictures are theirs; null if the pictures stay the same."""
    seen: int | None = None


class SetLayout(Command, frozen=True):
    """Arrange host and guests."""

    layout: CastLayout


class InviteGuest(Command, frozen=True):
    """Make a link for a guest."""

    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
    hours: Annotated[int, Meta(ge=1, le=72)] = 12
    """How long the link opens."""


class GuestAnswer(Command, frozen=True):
    """The host page's answer to a guest's offer."""

    sdp: Sdp
    round: int


class GuestOffer(Command, frozen=True):
    """An admitted guest's offer to connect."""

    sdp: Sdp
    round: int


type GuestMove = Literal["admit", "connected", "again", "remove"]
"""Let in; the pictures flow; connect anew; out, and the link is dead."""


class HostChanged(Event, frozen=True):
    """Somebody else holds the show."""

    name = "cast.host_changed"
    about = "show_id"
    show_id: UUID
    user_id: UUID
    host_name: str
    was: str
    source: SourceName | None
    rehearsal: bool


class GuestCame(Event, frozen=True):
    """A guest's pictures flow."""

    name = "cast.guest_came"
    about = "show_id"
    show_id: UUID
    guest_id: UUID
    rehearsal: bool


class GuestWent(Event, frozen=True):
    """A guest is no longer in the picture."""

    name = "cast.guest_went"
    about = "show_id"
    show_id: UUID
    guest_id: UUID
    removed: bool
    rehearsal: bool
