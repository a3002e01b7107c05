"""What is said in a room: by which rules, how often, and what busy screens leave out.

Nothing here is done for each viewer: a message is looked at once, wherever it was said.
"""

import math
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from xinbo.live import chat
from xinbo.live.chat import (
    Listed,
    MessageKind,
    MessageRefused,
    PostMessage,
    RoomRules,
    Said,
    SaidState,
    Words,
)
from xinbo.live.edge._rules import Bucket, Claims, RoomRole, author_mark
from xinbo.live.edge._server._wire import Chat, message

if TYPE_CHECKING:
    from xinbo.live.edge._server._room import Room
    from xinbo.live.edge._server._viewer import Viewer
    from xinbo.live.edge._server._visit import Visit

A_SECOND = 20
"""Messages a second that people can follow. Beyond it, chat that asks nothing is sampled."""

MOST_CANDIDATES = 500
"""Messages that wait for a free place until the next tick."""

HANDLED_IDS = 2000
WINDOW = 5
"""Seconds over which the console is told what share is shown."""

SPEAKERS = {
    RoomRole.SHOPPER: chat.Speaker.SHOPPER,
    RoomRole.HOST: chat.Speaker.HOST,
    RoomRole.STAFF: chat.Speaker.STAFF,
}


class Candidate(msgspec.Struct, frozen=True):
    """A message that waits for a free place."""

    visit: "Visit"
    said: Said
    merchant_id: UUID


@lru_cache(maxsize=64)
def words_of(listed: tuple[Listed, ...]) -> Words:
    """Make a merchant's list ready once, for all their rooms."""
    return chat.compiled(listed)


class Talk:
    """The chat of one room on this edge."""

    def __init__(self, room: "Room") -> None:
        self.rules = RoomRules()
        self.slow_seconds = 0
        self.buyers: set[UUID] = set()
        """Who bought since this edge has the room; others have it in their tickets."""
        self._room = room
        self._words = chat.compiled(())
        self._muted: dict[UUID, datetime | None] = {}
        self._spoke: dict[str, float] = {}
        """When an author last spoke, on whichever edge: slow mode asks."""
        self._shown: dict[str, float] = {}
        """When an author was last shown while places were short: who waits longest comes first."""
        self._places = Bucket(A_SECOND, A_SECOND)
        self._edges = 1
        self._candidates: list[Candidate] = []
        self._handled: dict[str, None] = {}
        self._counts: deque[tuple[int, int]] = deque([(0, 0)], maxlen=WINDOW)

    # Rules

    def obey(self, rules: RoomRules) -> None:
        """Go by these rules from now on; who was sent out goes."""
        self.rules = rules
        self.slow_seconds = rules.slow_seconds
        self._words = words_of(tuple(rules.words))
        self._muted = {each.viewer_id: each.until for each in rules.muted}
        for viewer_id in rules.kicked:
            self._room.send_out(viewer_id)

    def kicked(self, viewer_id: UUID) -> bool:
        """Say whether someone was sent out of this show."""
        return viewer_id in self.rules.kicked

    def heard_elsewhere(self, by: str) -> None:
        """Note that an author spoke on another edge."""
        if self.slow_seconds:
            self._spoke[by] = self._room.clock()

    # Speaking

    def take(self, visit: "Visit", viewer: "Viewer", asked: Chat, now: float) -> None:
        """Take a message in, and tell its author at once what becomes of it."""
        claims = visit.claims
        if claims.role is RoomRole.GUEST:
            return refuse(visit, asked.id, "SignInRequired")
        if self._room.knows(asked.id) or str(asked.id) in self._handled:
            return None
        by = author_mark(claims.show_id, viewer.id)
        if (refusal := self._not_now(claims, viewer, by, now)) is not None:
            kind, facts = refusal
            return refuse(visit, asked.id, kind, **facts)
        try:
            said = chat.say(
                self._author(claims, by),
                PostMessage(id=asked.id, text=asked.text),
                now=self._room.date(),
                words=self._words,
                hold_all=self.rules.hold_all,
            )
        except MessageRefused as why:
            return refuse(visit, asked.id, why.code(), **why.facts)
        self._spoke[by] = now
        return self._handle(visit, viewer, said, now)

    def _not_now(
        self, claims: Claims, viewer: "Viewer", by: str, now: float
    ) -> tuple[str, Mapping[str, object]] | None:
        """Say what keeps someone from speaking at this moment, if anything does."""
        if viewer.id in self._muted:
            until = self._muted[viewer.id]
            if until is None or until > self._room.date():
                return "Muted", {"until": until}
            del self._muted[viewer.id]
        if not viewer.chat.take(now):
            return "TooFast", {"retryAfter": math.ceil(viewer.chat.wait(now))}
        if self.slow_seconds and not claims.role.is_staff:
            wait = self._spoke.get(by, -math.inf) + self.slow_seconds - now
            if wait > 0:
                facts = {"retryAfter": math.ceil(wait), "seconds": self.slow_seconds}
                return "SlowMode", facts
        return None

    def _author(self, claims: Claims, by: str) -> chat.Author:
        return chat.Author(
            show_id=claims.show_id,
            viewer_id=claims.viewer_id,
            by=by,
            name=claims.name,
            role=SPEAKERS[claims.role],
            level=claims.level,
            buyer=claims.buyer or claims.viewer_id in self.buyers,
            simulated=claims.simulated,
        )

    def _handle(self, visit: "Visit", viewer: "Viewer", said: Said, now: float) -> None:
        merchant_id = visit.claims.merchant_id
        if said.state is SaidState.REFUSED:
            self._keep(merchant_id, said)
            refuse(visit, said.id, MessageRefused.code(), reason=said.why)
            return
        self._room.did(viewer, "chat.sent")
        if said.state is SaidState.HELD:
            self._keep(merchant_id, said)
            visit.tell(fate(said))
        elif matters(said):
            self._places.take(now)
            self._show(merchant_id, said, now)
        elif not self._busy and self._places.take(now):
            self._show(merchant_id, said, now)
        else:
            self._handled[str(said.id)] = None
            self._candidates.append(Candidate(visit, said, merchant_id))
            if len(self._candidates) >= MOST_CANDIDATES:
                self._choose(now)

    def _show(self, merchant_id: UUID, said: Said, now: float) -> None:
        self._shown[said.by] = now
        self._count(1, 0)
        self._room.outbox.said(merchant_id, said)
        self._room.say(chat.wire(said), said.id)

    def _keep(self, merchant_id: UUID, said: Said) -> None:
        """Put what is not shown on record."""
        self._handled[str(said.id)] = None
        while len(self._handled) > HANDLED_IDS:
            del self._handled[next(iter(self._handled))]
        self._room.outbox.said(merchant_id, said)

    # Load

    @property
    def _busy(self) -> bool:
        """Whether places were short lately: then nobody gets one only for being quick."""
        return bool(self._candidates) or any(sampled for _, sampled in self._counts)

    def _choose(self, now: float) -> None:
        """Give the free places to those who were shown longest ago; leave the rest out."""
        waiting, self._candidates = self._candidates, []
        waiting.sort(key=lambda each: self._shown.get(each.said.by, -math.inf))
        seen: set[str] = set()
        again: list[Candidate] = []
        for each in waiting:
            if each.said.by in seen:
                again.append(each)  # a person's second message comes after everybody's first
            else:
                seen.add(each.said.by)
                self._place(each, now)
        for each in again:
            self._place(each, now)

    def _place(self, each: Candidate, now: float) -> None:
        if self._places.take(now):
            self._show(each.merchant_id, each.said, now)
            return
        said = msgspec.structs.replace(each.said, state=SaidState.SAMPLED, why="load")
        self._count(0, 1)
        self._keep(each.merchant_id, said)
        if each.visit.viewer:
            each.visit.tell(fate(said))

    def _count(self, shown: int, sampled: int) -> None:
        a, b = self._counts[-1]
        self._counts[-1] = a + shown, b + sampled

    def tick(self, now: float) -> None:
        """Fill free places: several times a second."""
        if self._candidates:
            self._choose(now)

    def each_second(self, now: float, edges: int) -> tuple[int, int]:
        """Return how many were shown and left out lately; share the places with other edges."""
        if edges != self._edges:
            self._edges = edges
            self._places = Bucket(A_SECOND / edges, max(1, A_SECOND / edges))
        told = sum(a for a, _ in self._counts), sum(b for _, b in self._counts)
        self._counts.append((0, 0))
        for known, lasts in ((self._spoke, max(self.slow_seconds, 1)), (self._shown, 60)):
            for by in [by for by, at in known.items() if now - at > lasts]:
                del known[by]
        return told


def matters(said: Said) -> bool:
    """Say whether a message must be shown whatever the load."""
    return said.kind is not MessageKind.CHAT or said.buyer or said.role is not chat.Speaker.SHOPPER


def refuse(visit: "Visit", message_id: UUID, kind: str, **facts: object) -> None:
    """Tell an author that a message was not taken, and why."""
    visit.tell(message("refused", of="chat", type=kind, id=message_id, **facts))


def fate(said: Said) -> bytes:
    """Tell an author what became of a message that is not simply shown."""
    return message("fate", id=said.id, state=said.state, why=said.why)
