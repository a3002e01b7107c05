"""What is looked at before a show, as it stands at one moment, and what was found."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

NOW = timedelta(minutes=5)
"""A start this near is now: who goes live a little early meant the announced moment."""


class Severity(StrEnum):
    """How much a finding matters."""

    BLOCK = "block"
    WARN = "warn"
    OK = "ok"


class CheckKind(StrEnum):
    """What is looked at."""

    LINE_UP = "line_up"
    ON_SALE = "on_sale"
    STOCK_TARGET = "stock_target"
    STOCK_SHORT = "stock_short"
    PROMOTION_WINDOW = "promotion_window"
    CLAIM_EVIDENCE = "claim_evidence"
    FORBIDDEN_WORDS = "forbidden_words"
    CUE_OVERLAP = "cue_overlap"
    CUES_LENGTH = "cues_length"
    HOST_CHECK = "host_check"
    HERO_PREPARED = "hero_prepared"
    RISKS = "risks"
    BACKUP_HOST = "backup_host"
    SERVICE = "service"
    CHECKLIST = "checklist"
    PICTURES = "pictures"


class Link(StrEnum):
    """Where a finding is mended."""

    SHOW = "show"
    RUN = "run"
    PROMOTION = "promotion"
    STOCK = "stock"
    PRODUCT = "product"
    CONTINGENCY = "contingency"
    KIT = "kit"
    CHECKLIST = "checklist"
    LIVE = "live"


type Fact = str | int | None


class PlannedSku(NamedTuple):
    """An SKU on the line-up."""

    sku_id: UUID
    name: str
    set_aside: int | None
    """Pieces planned for the show; None: it sells from the general stock."""
    spare: int
    """Pieces the general pool can promise, with what the show already holds."""


class PlannedItem(NamedTuple):
    """A product on the line-up."""

    product_id: UUID
    title: str
    hero: bool
    on_sale: bool
    skus: Sequence[PlannedSku]

    @property
    def pieces(self) -> int:
        """How many can be sold in the show."""
        return sum(
            each.spare if each.set_aside is None else min(each.set_aside, each.spare)
            for each in self.skus
        )


class PlannedCue(NamedTuple):
    """A cue of the run-of-show. `claims` are (text, evidence)."""

    id: UUID
    title: str
    begins: int
    minutes: int
    product_id: UUID | None
    promotion_id: UUID | None
    target: int | None
    claims: Sequence[tuple[str, str]]
    forbidden: Sequence[str]
    spoken: str
    """Everything the cue says: its title, notes, talking points and claims."""


class Window(NamedTuple):
    """When a promotion is on. `state` is a word of the promotions room."""

    name: str
    state: str
    here: bool
    """Whether it is for this show or the whole shop."""
    starts_at: datetime
    ends_at: datetime | None


class Snapshot(NamedTuple):
    """All that is looked at, as it stands at one moment."""

    now: datetime
    starts_at: datetime | None
    planned_minutes: int
    items: Sequence[PlannedItem]
    cues: Sequence[PlannedCue]
    windows: Mapping[UUID, Window]
    """By promotion; one that is not here does not exist."""
    prepared: Collection[UUID]
    """Products with a risk that a playbook answers."""
    risks: int
    host_checked: bool
    backup_host: bool
    agents: int
    open_items: int
    """Of the checklist."""
    all_items: int
    pictures: bool
    """Whether moving pictures come already."""

    @property
    def begins_at(self) -> datetime:
        """When minute 0 of the run-of-show is."""
        if self.starts_at is None or self.starts_at < self.now + NOW:
            return self.now
        return self.starts_at


class Finding(NamedTuple):
    """One thing that was looked at, and what was found."""

    kind: CheckKind
    severity: Severity
    link: Link
    facts: Mapping[str, Fact]
    about: UUID | None = None
    """The product, cue or promotion that it is about."""
    waivable: bool = True
    """False: going live would be refused in any case."""

    @property
    def key(self) -> str:
        """Its name in this show: what a waiver refers to."""
        parts = [self.kind.value, *([str(self.about)] if self.about else [])]
        return ".".join([*parts, *([str(self.facts["cue_id"])] if "cue_id" in self.facts else [])])
