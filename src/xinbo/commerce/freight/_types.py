"""Structs of the freight room."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.freight._rules import ChargedBy, Zone
from xinbo.kit.wire import Command, View


class PutTemplate(Command, frozen=True):
    """Write a freight template."""

    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
    charged_by: ChargedBy
    zones: Annotated[list[Zone], Meta(min_length=1, max_length=40)]
    is_default: bool
    """Whether it charges the goods that have no template of their own."""
    ships_from: Annotated[str, Meta(max_length=80)] = ""
    """Where goods leave from, as shoppers read it: 浙江杭州."""

    def __post_init__(self) -> None:
        """Refuse what the field constraints cannot say; msgspec turns it into a 400."""
        if sum(not zone.places for zone in self.zones) > 1:
            raise ValueError("only one zone may be everywhere else")
        places = [tuple(place) for zone in self.zones for place in zone.places]
        if len(set(places)) < len(places):
            raise ValueError("a place may stand in one zone only")


class Template(View, frozen=True):
    """A freight template."""

    id: UUID
    name: str
    charged_by: ChargedBy
    zones: list[Zone]
    is_default: bool
    ships_from: str
    products: int
    """How many products have it as their own."""
    updated_at: datetime


class AssignTemplate(Command, frozen=True):
    """Charge these products by this template; null gives them back to the default one."""

    template_id: UUID | None
    product_ids: Annotated[list[UUID], Meta(min_length=1, max_length=500)]


class FreightStep(View, frozen=True):
    """Why the freight is what it is: one template's part."""

    template_id: UUID | None
    name: str
    charged_by: ChargedBy
    units: int
    fee: int
    """What is charged."""
    free: bool
    """Whether it would cost something and is free."""
    sku_ids: list[UUID]


class Freight(View, frozen=True):
    """What sending goods costs."""

    amount: int
    why: list[FreightStep]
    refused: list[UUID]
    """SKUs that are not sent to that region; they are not in the amount."""
