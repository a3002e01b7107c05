"""Structs of the prompter room."""

from datetime import datetime

from xinbo.kit.wire import View
from xinbo.live.shows import Claim, CueFormat, CueKind, ShowStatus


class PrompterToken(View, frozen=True):
    """Permission to read one show's prompter."""

    token: str
    path: str
    """Of the page, below the console's address."""
    expires_at: datetime


class PrompterCue(View, frozen=True):
    """The cue that runs."""

    position: int
    """From 0."""
    kind: CueKind
    format: CueFormat
    title: str
    owner: str
    minutes: int
    started_at: datetime | None
    notes: str
    claims: list[Claim]
    forbidden: list[str]
    target_units: int | None


class PrompterProduct(View, frozen=True):
    """What is on every phone."""

    title: str
    subtitle: str
    picture_url: str | None
    price: int | None
    """The lowest in this show, in minor units."""
    list_price: int | None
    left: int
    sold_out: bool
    explained_since: datetime | None


class PrompterNext(View, frozen=True):
    """The cue after it."""

    kind: CueKind
    title: str
    minutes: int
    product: str
    """Of the goods to be pinned; empty: none."""


class Prompter(View, frozen=True):
    """What the host reads."""

    show_title: str
    status: ShowStatus
    live_at: datetime | None
    cues: int
    text: str
    """What to say now: the cue's words, else the product's."""
    cue: PrompterCue | None
    product: PrompterProduct | None
    next: PrompterNext | None
    forbidden: list[str]
    """Of the whole show; the running cue's own are in it."""
    notices: list[str]
    """What every phone shows as a notice, corrections above all."""
    pace: int
    now: datetime
    """The server's time."""
