"""Structs of the accounts room."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.engines.tx import Role
from xinbo.identity.access import Can
from xinbo.kit.wire import Command, Event, View

type Phone = Annotated[str, Meta(min_length=5, max_length=20, pattern=r"^\+?[0-9][0-9 -]+$")]
type Line80 = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"\S")]


class AskCode(Command, frozen=True):
    """Send a sign-in code to this phone."""

    phone: Phone


class CodeSent(View, frozen=True):
    """A code is on its way."""

    phone: str
    expires_at: datetime
    resend_after: int
    """Seconds until another code may be asked for."""


class SignIn(Command, frozen=True):
    """Sign a shopper in, opening the account at the first time."""

    phone: Phone
    code: Annotated[str, Meta(pattern=r"^[0-9]{6}$")]


class Me(View, frozen=True):
    """The shopper who is signed in."""

    id: UUID
    phone: str
    """Masked: 138****0000."""
    nickname: str
    avatar_url: str | None
    default_address: "Address | None"


class Face(View, frozen=True):
    """How a shopper looks to the room that shows them: it masks the name for strangers."""

    nickname: str
    avatar_url: str | None


class EditMe(Command, frozen=True):
    """Change one's nickname."""

    nickname: Annotated[str, Meta(min_length=1, max_length=20, pattern=r"\S")]


class Address(View, frozen=True):
    """Where goods are sent."""

    id: UUID
    name: str
    phone: str
    region: list[str]
    """Province, city, district, from the widest to the narrowest."""
    street: str
    is_default: bool


class PutAddress(Command, frozen=True):
    """Write an address."""

    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
    phone: Phone
    region: Annotated[list[Line80], Meta(min_length=1, max_length=4)]
    street: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
    is_default: bool


class StaffSignIn(Command, frozen=True):
    """Sign a staff member in."""

    email: Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
    password: Annotated[str, Meta(min_length=1, max_length=200)]


class StaffMember(View, frozen=True):
    """Someone who works for the merchant."""

    id: UUID
    email: str
    name: str
    role: Role
    active: bool
    phone: str | None
    """Their own number: with it the shop keeps its own people out of its draws."""


class Colleague(View, frozen=True):
    """Someone who works here, as colleagues see them."""

    id: UUID
    name: str
    role: Role


class StaffMe(View, frozen=True):
    """The staff member who is signed in."""

    id: UUID
    email: str
    name: str
    role: Role
    merchant_id: UUID
    merchant_slug: str
    merchant_name: str
    permissions: list[Can]


class AddStaff(Command, frozen=True):
    """Give someone a seat."""

    email: Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
    role: Role
    password: Annotated[str, Meta(min_length=10, max_length=200)]
    phone: Phone | None = None


class EditStaff(Command, frozen=True):
    """Change someone's role, or take the seat away."""

    role: Role
    active: bool
    phone: Phone | None = None
    """Null leaves it as it is."""


class DevCode(View, frozen=True):
    """A sign-in code that the sandbox's SMS provider would have sent. Development only."""

    phone: str
    code: str
    sent_at: datetime


class ShopperJoined(Event, frozen=True):
    """A shopper signed in for the first time."""

    name = "shoppers.joined"
    shopper_id: UUID
