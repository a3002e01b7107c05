"""One live room on this edge."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from xinbo.kit.ids import new_id
from xinbo.live.edge._rules import Claims, author_mark, masked, read
from xinbo.live.edge._server import _wire
from xinbo.live.edge._server._desk import Desk
from xinbo.live.edge._server._frames import Frames
from xinbo.live.edge._server._likes import Likes
from xinbo.live.edge._server._outbox import Did, Outbox
from xinbo.live.edge._server._presence import Presence
from xinbo.live.edge._server._recall import Recall
from xinbo.live.edge._server._talk import Talk
from xinbo.live.edge._server._viewer import BEAT_WITHIN, REMEMBERED, Viewer
from xinbo.live.edge._server._visit import Reason, Visit
from xinbo.live.edge._server._wire import message

MOST_TABS = 5
"""Sockets of one viewer."""

SECOND = 1.0
SWEEP_EVERY = 5.0
NAMED = 3
"""Names in a notice of who came."""

FAREWELL = 8.0
"""Seconds between the end of a show and the end of its room: the host says goodbye."""

type Clock = Callable[[], float]


class Room:
    """Who is here, what is going on, and what goes out because of it.

    Nothing in here waits: the bus is behind the outbox, the sockets behind the frames.
    """

    def __init__(
        self, show_id: UUID, key: bytes, edge: int, outbox: Outbox, *, clock: Clock
    ) -> None:
        self.id = show_id
        self.clock = clock
        self.frames = Frames()
        self.presence = Presence(edge)
        self.likes = Likes(f"{edge:016x}")
        self.idle_since: float | None = clock()
        self._key = key
        self._session = f"{edge:016x}"
        self.outbox = outbox
        self.talk = Talk(self)
        self.desk = Desk(edge)
        self._viewers: dict[UUID, Viewer] = {}
        self._open = 0
        self._waiting: list[Visit] | None = []
        """Who came before the past was known; None once it is."""
        self._recall = Recall()
        self._joined: list[Viewer] = []
        self._likers: set[Viewer] = set()
        self._toasts: dict[tuple[str, bool], tuple[int, str]] = {}
        self._stage_seq = -1
        self.rehearsal = False
        """The room is private: what is done in it is not counted, and forgotten afterwards."""
        self._online: tuple[int, int] = (0, 0)
        """Viewers, and the simulated among them, as last counted: once a second is enough."""
        self._second_at = self._swept_at = clock()
        self._ends_at: float | None = None

    @property
    def visits(self) -> list[Visit]:
        """Everyone with an open socket."""
        return [*self.frames.audience.values(), *self.frames.staff.values()]

    @staticmethod
    def date() -> datetime:
        """Return the time as messages carry it."""
        return datetime.now(UTC)

    def read(self, ticket: str) -> Claims:
        """Read a ticket for this room. Raises `TicketRefused`."""
        return read(ticket, self._key, time.time(), self.id)

    def frame(self, parts: tuple[bytes, ...]) -> bytes:
        """Put messages for one socket into a frame."""
        return self.frames.frame(parts)

    def knows(self, message_id: UUID | str) -> bool:
        """Say whether a message was shown already."""
        return self._recall.knows(str(message_id))

    # Coming and going

    def enter(self, visit: Visit) -> bool:
        """Take a socket in; False if its viewer has too many."""
        claims, now = visit.claims, self.clock()
        viewer = self._viewers.get(claims.viewer_id)
        if viewer is None:
            viewer = self._viewers[claims.viewer_id] = Viewer(claims, now)
        if len(viewer.visits) >= MOST_TABS:
            return False
        self.idle_since = None
        if claims.rehearsal and self._stage_seq < 0:
            self.rehearse(on=True)
        self._open += 1
        viewer.claims = claims
        viewer.visits.add(visit)
        visit.viewer = viewer
        self.alive(viewer, now)
        if self._waiting is None:
            self._welcome(visit)
        else:
            self._waiting.append(visit)
        return True

    def leave(self, visit: Visit) -> None:
        """Let a socket go. Harmless to repeat."""
        viewer, visit.viewer = visit.viewer, None
        if viewer is None:
            return
        self.frames.audience.pop(visit.socket, None)
        self.frames.staff.pop(visit.socket, None)
        viewer.visits.discard(visit)
        if not viewer.visits:
            self._depart(viewer, self.clock())
        self._open -= 1
        if not self._open:
            self.idle_since = self.clock()

    def open(self, recent: Iterable[bytes]) -> None:
        """Begin, now that the past is known."""
        self._recall.begin(recent)
        waiting, self._waiting = self._waiting or [], None
        for visit in waiting:
            if visit.viewer:
                self._welcome(visit)

    def alive(self, viewer: Viewer, now: float) -> None:
        """Take note that a viewer is there."""
        viewer.seen_at = now
        if viewer.present or viewer.claims.role.is_staff:
            return
        viewer.present = True
        viewer.watched, viewer.watched_until = 0.0, now
        self.presence.arrive(viewer.mark)
        self.did(viewer, "room.entered")
        if now - viewer.left_at > REMEMBERED:
            self._joined.append(viewer)

    def _depart(self, viewer: Viewer, now: float) -> None:
        if not viewer.present:
            return
        viewer.present, viewer.left_at = False, now
        self.presence.depart(viewer.mark)
        self.did(viewer, "room.left", viewer.watched)

    def _welcome(self, visit: Visit) -> None:
        claims = visit.claims
        hello = message(
            "hello",
            viewerId=claims.viewer_id,
            by=author_mark(self.id, claims.viewer_id),
            online=max(self._online[0], len(self.presence.own)),
            likes=self.likes.shown,
            chat=[msgspec.Raw(each) for each in self._recall.recent],
            serverMs=time.time_ns() // 1_000_000,
        )
        visit.tell(hello)
        if claims.role.is_staff:
            visit.tell(self.desk.seats(), self.desk.load())
        lane = self.frames.staff if claims.role.is_staff else self.frames.audience
        lane[visit.socket] = visit

    # What viewers do

    def say(self, chat: bytes, message_id: UUID) -> None:
        """Show a message here at once, and on the other edges through the bus.

        It comes back from the bus and is known by its id then, so nobody sees it twice; while
        the bus is away, this edge's viewers see it at least.
        """
        self._show_chat(chat, str(message_id))
        self.outbox.publish(f"room.{self.id}.msg", chat)

    def like(self, viewer: Viewer, n: int) -> None:
        """Count likes; a rehearsal's are not the show's."""
        if self.rehearsal:
            return
        viewer.liked += n
        self._likers.add(viewer)
        self.likes.add(n)

    def did(self, viewer: Viewer, kind: str, value: float | None = None, **props: object) -> None:
        """Tell analytics what a member of the audience did."""
        if viewer.claims.role.is_staff or self.rehearsal:
            return
        known = {name: what for name, what in props.items() if what is not None}
        if kind.startswith("room."):
            # A viewer is here once, whatever their tabs; on another edge they are once more.
            known["session"] = self._session
        if viewer.claims.simulated:
            known["simulated"] = True
        event = Did(
            id=new_id(),
            type=kind,
            at=self.date(),
            show_id=self.id,
            viewer_id=viewer.id,
            value=value,
            props=known,
        )
        self.outbox.did(viewer.claims.merchant_id, event)

    # What is heard from the bus

    def hear(self, data: bytes) -> None:
        """Pass on what is for everyone."""
        for each in _wire.messages(data):
            head = _wire.head_of.decode(each)
            if head.t == "chat" and head.id:
                if head.by and not self.knows(head.id):
                    self.talk.heard_elsewhere(head.by)
                self._show_chat(each, head.id)
            elif head.t == "stage":
                self.stage(head.seq or 0, each, rehearsal=self.rehearsal)
            else:
                self.frames.add(head.t, each)

    def hear_private(self, data: bytes) -> None:
        """Pass on what is for the staff."""
        for each in _wire.messages(data):
            self.frames.add_private(_wire.head_of.decode(each).t, each)

    def hear_likes(self, data: bytes) -> None:
        """Take in another edge's count of likes."""
        if self.likes.hear(data):
            self._tell_likes()

    def stage(self, seq: int, stage: bytes, *, rehearsal: bool) -> bool:
        """Send a stage to everyone, unless a newer one is known; say whether it is news."""
        if seq <= self._stage_seq:
            return False
        self._stage_seq = seq
        self.rehearse(on=rehearsal)
        self.frames.add("stage", stage)
        return True

    def show_chat(self, chat: bytes) -> None:
        """Show a message that was held, here and to who comes later."""
        if head := _wire.head_of.decode(chat).id:
            self._show_chat(chat, head)

    def remove(self, message_id: str) -> None:
        """Take a message off every screen, and from what newcomers get."""
        self._recall.forget(message_id)
        self.frames.add("removed", message("removed", id=message_id))

    def told(self, to: str, news: bytes) -> None:
        """Pass news on to everyone, to the staff, or to all pages of one viewer."""
        if to == "all":
            self.frames.add("told", news)
        elif to == "staff":
            self.frames.add_private("told", news)
        elif viewer := self._viewers.get(UUID(to)):
            for visit in viewer.visits:
                visit.tell(news)

    def paid(self, shopper_id: UUID, products: list[UUID], *, simulated: bool) -> None:
        """Announce a paid order, together with the others of this second."""
        self.talk.buyers.add(shopper_id)
        buyer = self._viewers.get(shopper_id)
        name = masked(buyer.claims.name) if buyer else ""
        for product in set(products):
            n, known = self._toasts.get((str(product), simulated), (0, ""))
            self._toasts[str(product), simulated] = n + 1, known or name

    def status(self, status: str, now: float) -> None:
        """Tell that the show began or ended; an ended one closes its room soon."""
        self.frames.add("show", message("show", showId=self.id, status=status))
        self._ends_at = now + FAREWELL if status == "ended" else None

    # Time passes

    def tick(self, now: float) -> None:
        """Do what is due: several times a second."""
        self.talk.tick(now)
        if self.likes.overdue(now):
            self._tell_likes()
        if told := self.likes.due(now):
            self.outbox.publish(f"room.{self.id}.likes", told)
        if now - self._second_at >= SECOND:
            self._second_at = now
            self._each_second(now)
        if now - self._swept_at >= SWEEP_EVERY:
            self._swept_at = now
            self._sweep(now)

    def send_out(self, viewer_id: UUID) -> None:
        """Close all sockets of someone who may not be here."""
        viewer = self._viewers.get(viewer_id)
        for visit in list(viewer.visits if viewer else ()):
            visit.bye("kicked")

    def rehearse(self, *, on: bool) -> None:
        """Be private, and let real viewers go; or open again, as if nothing had been."""
        if on == self.rehearsal:
            return
        self.rehearsal = on
        self._recall.rehearse(on=on)
        self._toasts.clear()
        self._joined.clear()
        for visit in list(self.frames.audience.values()):
            if visit.claims.simulated != on:
                visit.bye("restart")

    def everyone_out(self, reason: Reason) -> None:
        """Close every socket."""
        for visit in self.visits:
            visit.bye(reason)
        for visit in list(self._waiting or ()):
            visit.bye(reason)

    def _each_second(self, now: float) -> None:
        for roll in self.presence.due(now):
            self.outbox.publish(f"room.{self.id}.presence", roll)
        if (online := self._count()) != self._online:
            self._online = online
            n, simulated = online
            self.frames.add("viewers", message("viewers", n=n, simulated=simulated))
        self._tell_joined()
        self._tell_desk(now)
        for (product, simulated), (n, name) in self._toasts.items():
            flag = {"simulated": True} if simulated else {}
            toast = message("toast", kind="ordered", name=name, productId=product, n=n, **flag)
            self.frames.add("toast", toast)
        self._toasts.clear()
        self._tell_liked()
        if not self.rehearsal and (kept := self._recall.due(now)) is not None:
            self.outbox.publish(f"room.{self.id}.recent", kept)
        if self._ends_at is not None and now >= self._ends_at:
            self._ends_at = None
            self.everyone_out("ended")

    def _tell_desk(self, now: float) -> None:
        load = self.talk.each_second(now, 1 + len(self.presence.others))
        seats = [visit.seat for visit in self.frames.staff.values()]
        if (told := self.desk.due(load, seats, now)) is not None:
            self.outbox.publish(f"room.{self.id}.desk", told)
        for t, news in self.desk.news(now):
            self.frames.add_private(t, news)

    def _sweep(self, now: float) -> None:
        wall = time.time()
        for visit in self.visits:
            if visit.until < wall:
                visit.bye("expired")
        for viewer in list(self._viewers.values()):
            if viewer.present and now - viewer.seen_at > BEAT_WITHIN:
                self._depart(viewer, now)
            elif viewer.forgettable(now):
                del self._viewers[viewer.id]

    def _count(self) -> tuple[int, int]:
        return self.presence.count(self.clock())

    def _tell_joined(self) -> None:
        joined = [each for each in self._joined if each.present]
        self._joined.clear()
        if joined:
            names = [each.claims.name for each in joined[:NAMED]]
            flag = {"simulated": True} if all(each.claims.simulated for each in joined) else {}
            self.frames.add("joins", message("joins", names=names, n=len(joined), **flag))

    def _tell_likes(self) -> None:
        self.frames.add("likes", message("likes", n=self.likes.shown))

    def _tell_liked(self) -> None:
        for viewer in self._likers:
            self.did(viewer, "chat.liked", viewer.liked)
            viewer.liked = 0
        self._likers.clear()

    def _show_chat(self, chat: bytes, message_id: str) -> None:
        if not self._recall.knows(message_id):
            self._recall.know(message_id)
            self.frames.add("chat", chat, then=lambda: self._recall.add(chat))
