"""Structs of the contingency room."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, Event, View
from xinbo.live.contingency._rules import IncidentKind, IncidentOutcome, Part, RiskLevel, StepAction

type OneToFive = Annotated[int, Meta(ge=1, le=5)]
type Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
type Seconds = Annotated[int, Meta(ge=1, le=600)]
type Message = Annotated[str, Meta(max_length=200)]
type Note = Annotated[str, Meta(max_length=500)]


class PlaybookStep(View, frozen=True):
    """One step of a playbook."""

    word: str | None
    """Name of the house's own words for it; null: it is shown as written in `text`."""
    text: str
    part: Part
    action: StepAction | None
    """What happens by itself when the step is ticked."""
    seconds: int | None
    """Of slow mode: how long everybody waits between two messages."""
    message: str
    """What everybody is told, where the step tells all."""


class Playbook(View, frozen=True):
    """What is done when something goes wrong. One for every show of the merchant."""

    id: UUID
    kind: IncidentKind
    word: str | None
    title: str
    steps: list[PlaybookStep]
    standard: bool
    """It is as the house brings it: nobody has changed it."""
    version: int
    """0 of a playbook that nobody has changed. Send it back with a change."""


class Risk(View, frozen=True):
    """Something that may go wrong in a show, weighed."""

    id: UUID
    kind: IncidentKind
    word: str | None
    """Name of the house's own words for title and prevention; null: shown as written."""
    title: str
    product_id: UUID | None
    probability: int
    impact: int
    score: int
    level: RiskLevel
    prevention: str
    owner_id: UUID | None
    playbook_id: UUID | None


class Post(View, frozen=True):
    """Who answers for a part of the response, and who stands in."""

    part: Part
    staff_id: UUID | None
    deputy_id: UUID | None


class Contingency(View, frozen=True):
    """What a show has prepared for."""

    show_id: UUID
    version: int
    risks: list[Risk]
    team: list[Post]
    """Every part once."""
    unprepared: list[UUID]
    """Hero products of the line-up without a risk that a playbook answers."""


class PutPlaybookStep(Command, frozen=True):
    """Write a step."""

    text: Line
    part: Part
    word: Annotated[str, Meta(max_length=40)] | None = None
    """Keeps the house's own words, where the step is one of them."""
    action: StepAction | None = None
    seconds: Seconds | None = None
    message: Message = ""


class PutPlaybook(Command, frozen=True):
    """Write a playbook. `version` is null for a new one."""

    kind: IncidentKind
    title: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
    steps: Annotated[list[PutPlaybookStep], Meta(min_length=1, max_length=20)]
    version: int | None
    word: Annotated[str, Meta(max_length=40)] | None = None
    """Keeps the house's own title, where it is one of the house."""


class PutRisk(Command, frozen=True):
    """Write a risk. One with an id stays the same risk."""

    kind: IncidentKind
    title: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"\S")]
    probability: OneToFive
    impact: OneToFive
    id: UUID | None = None
    word: Annotated[str, Meta(max_length=40)] | None = None
    """Keeps the house's own words for title and prevention, where it is one of the house."""
    product_id: UUID | None = None
    prevention: Note = ""
    owner_id: UUID | None = None
    playbook_id: UUID | None = None


class PutPost(Command, frozen=True):
    """Say who answers for a part."""

    part: Part
    staff_id: UUID | None = None
    deputy_id: UUID | None = None


class PutContingency(Command, frozen=True):
    """Write what a show prepares for, whole."""

    risks: Annotated[list[PutRisk], Meta(max_length=100)]
    team: Annotated[list[PutPost], Meta(max_length=6)]
    version: int


class IncidentStep(View, frozen=True):
    """A step of a playbook that runs."""

    word: str | None
    text: str
    part: Part
    action: StepAction | None
    seconds: int | None
    message: str
    done_at: datetime | None
    done_by: str | None
    """Name of who ticked it; null: not yet, or by the system."""
    skipped: bool
    product_id: UUID | None
    """What the step put in place of the product that failed."""


class Affected(View, frozen=True):
    """What an incident touched, as it stood when it was opened."""

    product_id: UUID | None
    product_title: str
    cue_id: UUID | None
    pinned_product_id: UUID | None
    video: str
    """State of the pictures: `offline`, `starting` or `live`."""
    seconds: int | None
    """How long it took; null while it goes on."""


class Incident(View, frozen=True):
    """Something that went wrong in a show, and what was done about it."""

    id: UUID
    show_id: UUID
    kind: IncidentKind
    word: str | None
    title: str
    playbook_id: UUID
    note: str
    drill: bool
    rehearsal: bool
    detected: bool
    """The system noticed it and opened it."""
    opened_at: datetime
    opened_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    outcome: IncidentOutcome | None
    outcome_note: str
    version: int
    """Send it back as `seen`: what a colleague did meanwhile is then noticed."""
    steps: list[IncidentStep]
    affected: Affected


class OpenIncident(Command, frozen=True):
    """Start a playbook. Without one named, the merchant's for this kind runs."""

    kind: IncidentKind
    product_id: UUID | None = None
    note: Note = ""
    playbook_id: UUID | None = None
    drill: bool = False


class TickStep(Command, frozen=True):
    """Tick a step, which does what it says; or skip it."""

    position: Annotated[int, Meta(ge=0, le=19)]
    seen: int | None = None
    skip: bool = False
    product_id: UUID | None = None
    """What takes the place of the product that failed."""
    seconds: Seconds | None = None
    """Another slow mode than the playbook's."""
    text: Message | None = None
    """Another message than the playbook's."""


class CloseIncident(Command, frozen=True):
    """Say how it ended."""

    outcome: IncidentOutcome
    note: Note = ""
    seen: int | None = None


class IncidentOpened(Event, frozen=True):
    """Something goes wrong, and a playbook runs."""

    name = "incidents.opened"
    about = "show_id"
    show_id: UUID
    incident_id: UUID
    kind: IncidentKind
    word: str | None
    title: str
    product_id: UUID | None
    detected: bool
    drill: bool
    rehearsal: bool


class IncidentStepTicked(Event, frozen=True):
    """A step of a playbook was done, or skipped."""

    name = "incidents.step_ticked"
    about = "show_id"
    show_id: UUID
    incident_id: UUID
    kind: IncidentKind
    what: Literal["done", "skipped"]
    position: int
    place: int
    """As people count: the first is 1."""
    steps: int
    word: str | None
    text: str
    action: StepAction | None
    skipped: bool
    product_id: UUID | None
    drill: bool
    rehearsal: bool


class IncidentClosed(Event, frozen=True):
    """It is over."""

    name = "incidents.closed"
    about = "show_id"
    show_id: UUID
    incident_id: UUID
    kind: IncidentKind
    word: str | None
    title: str
    outcome: IncidentOutcome
    seconds: int
    done: int
    """Steps that were done, of `steps`."""
    steps: int
    product_id: UUID | None
    drill: bool
    rehearsal: bool


class ContingencyChanged(Event, frozen=True):
    """What a show has prepared for was written anew."""

    name = "contingency.changed"
    about = "show_id"
    show_id: UUID
    risks: int
