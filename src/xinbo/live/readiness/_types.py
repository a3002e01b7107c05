"""Structs of the readiness room."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, Event, View
from xinbo.live.readiness._rules import (
    CheckKind,
    ChecklistGroup,
    Fact,
    KitGrade,
    KitItem,
    Link,
    Measured,
    Severity,
)


class Waiver(View, frozen=True):
    """An owner takes the responsibility for a check that is not met."""

    by: str
    at: datetime
    reason: str


class Check(View, frozen=True):
    """One thing that was looked at before a show goes on air."""

    key: str
    """Its name in this show: what a waiver refers to."""
    kind: CheckKind
    severity: Severity
    facts: dict[str, Fact]
    """What the words need: names, counts, moments."""
    link: Link
    """Where it is mended."""
    about: UUID | None
    """The product, cue or promotion that it is about."""
    waivable: bool
    waived: Waiver | None


class Readiness(View, frozen=True):
    """Whether a show may go on air, and why not."""

    show_id: UUID
    ready: bool
    guarded: bool
    """The show has a run-of-show, so what is not met blocks it."""
    checks: list[Check]
    """What blocks first, then warnings, then what is in order."""
    checked_at: datetime


class Waive(Command, frozen=True):
    """Let a show go on air although a check is not met."""

    key: Annotated[str, Meta(min_length=1, max_length=160)]
    reason: Annotated[str, Meta(min_length=4, max_length=300, pattern=r"\S")]


class KitVerdict(View, frozen=True):
    """What a part of the kit is worth."""

    item: KitItem
    verdict: KitGrade


class KitTest(View, frozen=True):
    """Somebody's kit, tested in the browser for a show."""

    id: UUID
    show_id: UUID
    by_id: UUID | None
    by: str
    at: datetime
    by_host: bool
    """By who has a host's seat in the show."""
    measured: Measured
    verdicts: list[KitVerdict]
    verdict: KitGrade
    """The worst of them."""
    passed: bool
    """A show can be made with it."""


class KeepKitTest(Command, frozen=True):
    """Keep what a browser measured."""

    measured: Measured


class Received(View, frozen=True):
    """So many bytes came."""

    bytes: int


class Echo(View, frozen=True):
    """An answer to a small request, to measure how long it takes."""

    at: datetime


class ChecklistItem(View, frozen=True):
    """Something to look at before a show."""

    id: UUID
    group: ChecklistGroup
    word: str | None
    """Name of the house's own words for it; null: it is shown as written in `text`."""
    text: str
    for_host: bool
    owner_id: UUID | None
    due_at: datetime | None
    done_at: datetime | None
    done_by: str | None


class Checklist(View, frozen=True):
    """What is looked at before a show, and by whom."""

    show_id: UUID
    version: int
    items: list[ChecklistItem]


class PutChecklistItem(Command, frozen=True):
    """Write an item. One with an id stays the same, and done if it was."""

    group: ChecklistGroup
    text: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
    id: UUID | None = None
    word: Annotated[str, Meta(max_length=40)] | None = None
    """Keeps the house's own words, where it is one of the house."""
    for_host: bool = False
    owner_id: UUID | None = None
    due_at: datetime | None = None


class PutChecklist(Command, frozen=True):
    """Write a show's checklist, in order."""

    items: Annotated[list[PutChecklistItem], Meta(max_length=100)]
    version: int


class TickItem(Command, frozen=True):
    """Tick an item, or take the tick back."""

    done: bool


class ReadinessWaived(Event, frozen=True):
    """An owner lets a show go on air although a check is not met."""

    name = "readiness.waived"
    about = "show_id"
    show_id: UUID
    key: str
    kind: CheckKind
    reason: str


class WaiverWithdrawn(Event, frozen=True):
    """An owner no longer takes the responsibility for a check."""

    name = "readiness.waiver_withdrawn"
    about = "show_id"
    show_id: UUID
    key: str


class KitTested(Event, frozen=True):
    """Somebody's kit was tested for a show."""

    name = "readiness.kit_tested"
    about = "show_id"
    show_id: UUID
    test_id: UUID
    verdict: KitGrade
    passed: bool
