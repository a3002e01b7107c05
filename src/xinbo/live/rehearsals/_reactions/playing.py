"""The worker plays every rehearsal that runs, and goes on with those of a worker that died."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from uuid import UUID

import msgspec

from xinbo.engines.bus import Bus
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database, system
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import NIL, new_id
from xinbo.live.rehearsals._reactions.crowd import Crowd
from xinbo.live.rehearsals._rules import CrowdProfile, name_of
from xinbo.live.rehearsals._service import around, past, playing
from xinbo.live.rehearsals._service.playing import Did, Moment

EVERY, IDLE = 0.5, 1.0
"""Seconds between two looks, while something is rehearsed and while nothing is."""

TOLD_EVERY = 4
"""Looks after which counts are told again even if they did not change: someone may be new."""

log = logging.getLogger("xinbo.rehearsals")


class Stand:
    """A rehearsal that this worker plays: its crowd, and what was told last."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.task = asyncio.create_task(crowd.work())
        self.left: dict[UUID, int] = {}
        self.likes = 0
        self.looks = 0
        self.entering: dict[UUID, int] = {}
        """How many of the crowd were asked into each play of a game."""

    async def leave(self) -> None:
        """Go home."""
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


class Player:
    """What one worker plays."""

    def __init__(self, settings: Settings, database: Database, bus: Bus) -> None:
        self._settings = settings
        self._database = database
        self._bus = bus
        self._id = new_id()
        self.stands: dict[UUID, Stand] = {}
        """The rehearsals it plays now."""

    async def look(self) -> int:
        """Take every rehearsal a step further; return how many run."""
        async with self._database.begin(system(NIL)) as tx:
            found = await playing.running(tx)
        for gone in self.stands.keys() - {rehearsal_id for _, rehearsal_id in found}:
            await self._leave(gone)
        for merchant_id, rehearsal_id in found:
            try:
                await self._step(merchant_id, rehearsal_id)
            except XinboError as refusal:  # it ended, or its show went, since it was listed
                log.info("rehearsal %s: %r", rehearsal_id, refusal)
        return len(found)

    async def close(self) -> None:
        """Leave every room."""
        for rehearsal_id in list(self.stands):
            await self._leave(rehearsal_id)

    async def _step(self, merchant_id: UUID, rehearsal_id: UUID) -> None:
        own, begin = system(merchant_id), self._database.begin
        async with begin(own) as tx:
            held = await playing.hold(tx, rehearsal_id, self._id)
        if not held:
            await self._leave(rehearsal_id)
            return
        async with begin(own) as tx:
            over = await playing.end_where_due(tx, rehearsal_id)
        if over:
            await self._leave(rehearsal_id)
            return
        async with begin(own) as tx:
            await playing.fly(tx, rehearsal_id)
        async with begin(own) as tx:
            await playing.watch(tx, rehearsal_id)
        async with begin(own) as tx:
            moment = await playing.now(tx, rehearsal_id)
        stand = self.stands.get(rehearsal_id) or await self._enter(moment)
        stand.crowd.see(moment)
        await self._count(stand, moment)
        await self._let_play(stand, moment)

    async def _enter(self, moment: Moment) -> Stand:
        """Bring the audience in: anew, or where another worker left it."""
        lines = []
        if moment.profile is CrowdProfile.PAST and moment.past_show_id:
            async with self._database.begin(system(moment.merchant_id)) as tx:
                lines = await past.lines_of(tx, moment.past_show_id)
        crowd = Crowd(self._settings, self._database, moment, lines)
        self.stands[moment.id] = stand = Stand(crowd)
        return stand

    async def _leave(self, rehearsal_id: UUID) -> None:
        if stand := self.stands.pop(rehearsal_id, None):
            await stand.leave()

    async def _count(self, stand: Stand, moment: Moment) -> None:
        """Put on record what the audience did, and let the room see it."""
        did = stand.crowd.take()
        async with self._database.begin(system(moment.merchant_id)) as tx:
            sold = await playing.count(tx, moment.id, did)
            likes = await playing.likes_of(tx, moment.id)
        messages = [*_toasts(sold, did), *self._counts(stand, moment, sold, likes)]
        if messages:
            body = b"[" + b",".join(messages) + b"]"
            await self._bus.publish(f"room.{moment.show_id}.msg", body)

    @staticmethod
    def _counts(stand: Stand, moment: Moment, sold: Mapping[UUID, int], likes: int) -> list[bytes]:
        stand.looks += 1
        again = bool(sold) or stand.looks % TOLD_EVERY == 0
        told: list[bytes] = []
        if again or moment.left != stand.left:
            stand.left = moment.left
            items = {str(sku): count for sku, count in moment.left.items()}
            told.append(_json(t="stock", items=items))
        if likes != stand.likes:
            stand.likes = likes
            told.append(_json(t="likes", n=likes))
        return told

    async def _let_play(self, stand: Stand, moment: Moment) -> None:
        """Let some more of the audience into each game that is open."""
        present = stand.crowd.present()
        if not present:
            return
        async with self._database.begin(system(moment.merchant_id)) as tx:
            for card in await around.open_games(tx, moment.show_id):
                done = stand.entering.get(card.id, 0)
                some = around.batch(present, done)
                stand.entering[card.id] = done + 1
                entrants = around.entrants(card, some, stand.crowd.viewer_id, name_of)
                await around.enter(tx, moment.id, card, entrants)


async def play(settings: Settings, database: Database, bus: Bus) -> None:
    """Play for ever."""
    player = Player(settings, database, bus)
    try:
        while True:
            running = await player.look()
            await asyncio.sleep(EVERY if running else IDLE)
    finally:
        await player.close()


def _toasts(sold: Mapping[UUID, int], did: Did) -> list[bytes]:
    """Announce what was taken, with a mark that nobody bought anything."""
    first = {wish.product_id: wish.viewer for wish in reversed(did.wishes)}
    return [
        _json(
            t="toast",
            kind="ordered",
            name=f"{name_of(first[product])[:1]}**",
            productId=product,
            n=count,
            simulated=True,
        )
        for product, count in sold.items()
    ]


def _json(**message: object) -> bytes:
    return msgspec.json.encode(message)
