"""What happened in games, for the log and who reacts to it."""

from uuid import UUID

from xinbo.kit.wire import Event
from xinbo.live.games._rules.kinds import GameKind


class GamesChanged(Event, frozen=True):
    """Phones of a show are to see its games anew. At most once a second for counts."""

    name = "games.changed"
    show_id: UUID


class GameStarted(Event, frozen=True):
    """A play began: what binds its draw is public from here on."""

    name = "games.started"
    about = "show_id"
    show_id: UUID
    run_id: UUID
    game_id: UUID
    kind: GameKind
    title: str
    play: int
    rehearsal: bool
    commitment: str
    terms_hash: str


class GameClosed(Event, frozen=True):
    """Nobody can enter any more; the list is public, the seed is not yet."""

    name = "games.list_closed"
    about = "show_id"
    show_id: UUID
    run_id: UUID
    title: str
    entries: int
    list_hash: str
    rehearsal: bool


class GameRevealed(Event, frozen=True):
    """The result is out."""

    name = "games.revealed"
    about = "show_id"
    show_id: UUID
    run_id: UUID
    kind: GameKind
    title: str
    entries: int
    winners: int
    seed: str
    rehearsal: bool
