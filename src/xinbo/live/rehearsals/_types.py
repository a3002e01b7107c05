"""Structs of the rehearsals room."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, Event, View
from xinbo.live.rehearsals._rules import CrowdProfile, DrillKind, DrillState, RehearsalState


class PutDrill(Command, frozen=True):
    """Plan a drill. Without a minute it comes as a surprise; without a product, to a hero."""

    kind: DrillKind
    minute: Annotated[int, Meta(ge=0, le=1440)] | None = None
    product_id: UUID | None = None


class PutCrowd(Command, frozen=True):
    """Say who comes: how many, and what they are like."""

    size: Annotated[int, Meta(ge=0, le=3000)] = 100
    profile: CrowdProfile = CrowdProfile.USUAL
    past_show_id: UUID | None = None
    """The show whose guests come again, under other names; with the profile `past`."""
    seed: Annotated[int, Meta(ge=0, le=2_147_483_647)] | None = None
    """The same seed brings the same audience. Null: another each time."""


class Begin(Command, frozen=True):
    """Begin a rehearsal."""

    speed: Annotated[int, Meta(ge=1, le=240)] = 1
    """60 plays a show of two hours in two minutes."""
    autopilot: bool = False
    """Cues start by themselves at their planned minute."""
    audience: PutCrowd = PutCrowd()
    drills: Annotated[list[PutDrill], Meta(max_length=20)] = []


class DrillNow(Command, frozen=True):
    """Let something go wrong at once."""

    kind: DrillKind
    product_id: UUID | None = None


class Crowd(View, frozen=True):
    """Who comes."""

    size: int
    profile: CrowdProfile
    past_show_id: UUID | None
    seed: int


class Figures(View, frozen=True):
    """What the simulated audience did. None of it counts anywhere else."""

    arrived: int
    peak: int
    messages: int
    likes: int
    entries: int
    purchases: int
    turnover: int
    """Of the rehearsal's purchases, in minor units. Nobody paid it."""


class Rehearsal(View, frozen=True):
    """A rehearsal, as lists and the console's bar show it."""

    id: UUID
    show_id: UUID
    number: int
    state: RehearsalState
    began_at: datetime
    ended_at: datetime | None
    interrupted: bool
    speed: int
    autopilot: bool
    total_minutes: int
    audience: Crowd
    figures: Figures
    drills: int
    drills_handled: int
    score: int | None


class Drill(View, frozen=True):
    """A drill, and what was done about it."""

    id: UUID
    kind: DrillKind
    minute: int
    product_id: UUID | None
    state: DrillState
    began_at: datetime | None
    incident_id: UUID | None
    detected: bool
    reacted_at: datetime | None
    closed_at: datetime | None
    steps: int
    steps_done: int
    out_of_order: int
    points: int | None


class RehearsedCue(View, frozen=True):
    """A cue: when it was due, and when it was started. Minutes are the show's."""

    cue_id: UUID
    position: int
    kind: str
    title: str
    due_minute: int
    minutes: int
    started_minute: float | None
    by_autopilot: bool


class ScorePart(View, frozen=True):
    """A part of the score: what was looked at, what it is worth, and why."""

    name: str
    """`cues`, `overrun`, `questions`, or the kind of a drill."""
    points: int | None
    """Of 100; null where there was nothing to judge, and it weighs nothing."""
    weight: int
    reason: str
    """A word that pages translate, with `done` of `out_of` and `seconds` in it."""
    done: int
    out_of: int
    seconds: int


class ShelfItem(View, frozen=True):
    """An SKU as the rehearsal sells it."""

    sku_id: UUID
    product_id: UUID
    left: int
    sold: int


class RehearsedGame(View, frozen=True):
    """A game that was played. Nobody won anything."""

    run_id: UUID
    kind: str
    title: str
    started_minute: float
    ended_minute: float | None
    entries: int


class RehearsalReport(View, frozen=True):
    """A rehearsal with all that happened in it."""

    rehearsal: Rehearsal
    cues: list[RehearsedCue]
    drills: list[Drill]
    games: list[RehearsedGame]
    shelf: list[ShelfItem]
    score: list[ScorePart]


class RehearsalBegan(Event, frozen=True):
    """A show is rehearsed before a simulated audience."""

    name = "rehearsals.began"
    about: ClassVar[str] = "show_id"
    show_id: UUID
    rehearsal_id: UUID
    number: int
    speed: int
    count: int
    """Simulated viewers."""


class RehearsalEnded(Event, frozen=True):
    """A rehearsal is over."""

    name = "rehearsals.ended"
    about: ClassVar[str] = "show_id"
    show_id: UUID
    rehearsal_id: UUID
    number: int
    score: int | None
    interrupted: bool


class DrillBegan(Event, frozen=True):
    """Something went wrong on purpose."""

    name = "rehearsals.drill_began"
    about: ClassVar[str] = "show_id"
    show_id: UUID
    rehearsal_id: UUID
    drill_id: UUID
    kind: DrillKind
    product_id: UUID | None


class DrillEnded(Event, frozen=True):
    """A drill was handled, or missed."""

    name = "rehearsals.drill_ended"
    about: ClassVar[str] = "show_id"
    show_id: UUID
    rehearsal_id: UUID
    drill_id: UUID
    kind: DrillKind
    state: DrillState
    points: int
