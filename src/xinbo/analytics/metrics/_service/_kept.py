"""Between the streams' messages, the store's rows and what a tally takes."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from xinbo.analytics.collect import Kind, Observed
from xinbo.analytics.metrics._models import (
    DEEDS,
    FACTS,
    SOCKETS,
    TABLES,
)
from xinbo.analytics.metrics._rules import LIFE
from xinbo.analytics.metrics._service._tally import Tally
from xinbo.engines.events import Fact
from xinbo.engines.olap import Message, Store
from xinbo.kit.ids import NIL, new_id

log = logging.getLogger("xinbo.analytics")

type Key = tuple[UUID, UUID]
"""Merchant and show: what a merchant's pages report never counts for another merchant's show."""

type Event = Observed | Fact

PROJECTIONS = frozenset({"stage.changed"})
"""Facts that only repeat others in a shape for screens: not kept."""

FROM = datetime(2020, 1, 1, tzinfo=UTC)
UNTIL = datetime(2100, 1, 1, tzinfo=UTC)
MOST = 1e6
"""The most that one event may say: more is a mistake."""

AT_ONCE = 2000
"""Rows counted before others have their turn: some 15 ms."""

_batch = msgspec.json.Decoder(list[msgspec.Raw])
_observed = msgspec.json.Decoder(Observed)
_observed_batch = msgspec.json.Decoder(list[Observed])
_fact = msgspec.json.Decoder(Fact)


async def prepare(store: Store) -> str:
    """Make the tables where they are missing; return the name under which the store reads."""
    for table in TABLES:
        await store.run(table)
    rows = await store.rows("select id from store limit 1")
    if not rows:
        await store.insert("store", [{"id": new_id()}])
        rows = await store.rows("select id from store limit 1")
    return f"analytics-{rows[0][0].hex}"


def deeds(message: Message) -> Iterator[tuple[Key, Observed]]:
    """Read a message of BEHAVIOUR; what cannot be read or believed is left out and logged."""
    merchant_id = UUID(message.subject.rpartition(".")[2])
    for event in _events(message.data):
        if FROM <= event.at < UNTIL:
            value = min(max(event.value or 0.0, 0.0), MOST)
            kept = msgspec.structs.replace(event, value=value, at=_whole(event.at))
            yield (merchant_id, event.show_id or NIL), kept


def facts(message: Message) -> Iterator[tuple[Key, Fact]]:
    """Read a message of FACTS."""
    fact = _fact.decode(message.data)
    if fact.type not in PROJECTIONS:
        show_id = fact.payload.get("showId")
        kept = msgspec.structs.replace(fact, at=_whole(fact.at))
        yield (fact.merchant_id, UUID(show_id) if show_id else NIL), kept


async def keep_deeds(store: Store, rows: Sequence[tuple[Key, Observed]]) -> None:
    """Put behaviour into the store."""
    await store.insert("behaviour", [_row(key, event) for key, event in rows])


async def keep_facts(store: Store, rows: Sequence[tuple[Key, Fact]]) -> None:
    """Put facts into the store."""
    await store.insert(
        "fact",
        [
            {
                "id": fact.id,
                "seq": fact.seq,
                "type": fact.type,
                "at": fact.at,
                "merchant_id": merchant_id,
                "actor_id": fact.actor_id or NIL,
                "show_id": show_id,
                "payload": msgspec.json.encode(fact.payload).decode(),
            }
            for (merchant_id, show_id), fact in rows
        ],
    )


async def recount(store: Store, key: Key) -> Tally:
    """Count a show from all that is kept of it."""
    tally = Tally()
    of = {"merchant": key[0], "show": key[1]}
    sockets = await store.rows(SOCKETS, life=LIFE, **of)
    async for viewer_id, session, firsts, lasts, lefts, simulated in _in_turns(sockets):
        tally.restore(viewer_id, session, zip(firsts, lasts, strict=True), lefts)
        tally.simulated |= bool(simulated)
    async for event in _in_turns(await store.rows(DEEDS, **of)):
        tally.count(_deed(key, event))
    async for fact_id, seq, kind, at, payload in _in_turns(await store.rows(FACTS, **of)):
        tally.learn(
            Fact(
                id=fact_id,
                seq=seq,
                type=kind,
                merchant_id=key[0],
                actor_id=None,
                at=at,
                payload=msgspec.json.decode(payload, type=dict[str, Any]),
            )
        )
    return tally


async def _in_turns(rows: list[tuple[Any, ...]]) -> AsyncGenerator[tuple[Any, ...]]:
    """Go through many rows without keeping the worker's other tasks waiting."""
    for start in range(0, len(rows), AT_ONCE):
        for row in rows[start : start + AT_ONCE]:
            yield row
        await asyncio.sleep(0)


def _events(data: bytes) -> list[Observed]:
    try:
        return _observed_batch.decode(data)
    except msgspec.MsgspecError:
        events: list[Observed] = []
    try:
        for each in _batch.decode(data):
            try:
                events.append(_observed.decode(each))
            except msgspec.MsgspecError as error:
                log.warning("behaviour left out: %s", error)
    except msgspec.MsgspecError as error:
        log.warning("behaviour left out: %s", error)
    return events


def _row(key: Key, event: Observed) -> dict[str, Any]:
    merchant_id, show_id = key
    props = dict(event.props)
    session, simulated = props.pop("session", ""), props.pop("simulated", False)
    return {
        "id": event.id,
        "type": event.type,
        "at": event.at,
        "merchant_id": merchant_id,
        "show_id": show_id,
        "viewer_id": event.viewer_id,
        "session": str(session),
        "product_id": event.product_id,
        "value": event.value or 0.0,
        "simulated": simulated is True,
        "props": msgspec.json.encode(props).decode() if props else "",
    }


def _deed(key: Key, row: tuple[Any, ...]) -> Observed:
    event_id, kind, at, viewer_id, product_id, value, simulated = row
    return Observed(
        id=event_id,
        type=Kind(kind),
        at=at,
        show_id=key[1],
        viewer_id=viewer_id,
        value=value,
        props={"productId": product_id, "simulated": simulated},
    )


def _whole(at: datetime) -> datetime:
    """Cut to milliseconds, the store's grain, so that memory and store say the same."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
