"""A tracking provider that asks no carrier and otherwise behaves like the real ones.

It pushes over HTTP with a signature, some time later, again and again until it is heard; late,
twice or in the wrong order if that was chosen. It keeps books of its own of what will happen to
each parcel, out of which it answers when it is asked.
"""

import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce.fulfilment._models import SandboxParcelRow
from xinbo.commerce.fulfilment._rules.tracking import TrackKind
from xinbo.commerce.fulfilment._service.reads import get, locked
from xinbo.commerce.fulfilment._service.shipping import tracked
from xinbo.commerce.fulfilment._service.trackers import (
    PushRefused,
    Tracked,
    TrackerUnknown,
    TrackNews,
    find,
    use,
)
from xinbo.commerce.fulfilment._types import Course, Shipment, TrackEvent
from xinbo.engines import web_client
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.signatures import genuine, sign

NAME = "sandbox"
HEADER = "x-sandbox-signature"
PATH = "/api/v1/hooks/tracking/sandbox"
HEARD = 200
AGAIN_AFTER = (1, 1, 2, 3, 5, 10, 20, 30, 60, 180, 600, 1800, 3600)
"""Seconds between two tries to be heard."""
PACE = 1
"""Seconds between two events of a course that was chosen: whoever chose it is watching."""
BY_ITSELF = 20
"""Seconds between two events of a parcel about which nobody chose anything."""

log = logging.getLogger("xinbo.sandbox")

_NORMAL = (
    (TrackKind.COLLECTED, "快件已揽收", "杭州"),
    (TrackKind.IN_TRANSIT, "快件已到达【杭州转运中心】", "杭州"),
    (TrackKind.IN_TRANSIT, "快件已发往下一站", "杭州"),
    (TrackKind.OUT_FOR_DELIVERY, "快递员正在派送", "收件地"),
    (TrackKind.DELIVERED, "快件已签收，签收人：本人", "收件地"),
)
_REFUSED = (
    *_NORMAL[:4],
    (TrackKind.REFUSED, "收件人拒收", "收件地"),
    (TrackKind.RETURNING, "快件退回中", "收件地"),
    (TrackKind.RETURNED, "退回件已由寄件人签收", "杭州"),
)
_LOST = (
    *_NORMAL[:2],
    (TrackKind.EXCEPTION, "快件滞留，正在核实", "中转站"),
    (TrackKind.LOST, "快件遗失，请联系客服", "中转站"),
)
_LIE = ((TrackKind.DELIVERED, "快件已签收", ""),)
_SCRIPTS = {Course.REFUSED: _REFUSED, Course.LOST: _LOST, Course.LIE: _LIE}


class Sandbox:
    """The provider. Web and worker share its key, and its way to the web process, by settings."""

    name = NAME
    sandbox = True

    def __init__(self, settings: Settings | None = None) -> None:
        self._given = settings

    @cached_property
    def _settings(self) -> Settings:
        """Read the settings of this process at first use, unless others were given."""
        return self._given or Settings.load()

    @cached_property
    def url(self) -> str:
        """Where it reaches us."""
        return self._settings.web_url + PATH

    @cached_property
    def _key(self) -> bytes:
        return self._settings.key("tracking-sandbox")

    def signed(self, body: bytes, now: datetime, *, lie: bool = False) -> dict[str, str]:
        """Return the headers that go with a push; a lie is signed with another key."""
        key = bytes(32) if lie else self._key
        return {
            "content-type": "application/json",
            HEADER: sign(key, body, now, secrets.token_hex(8)),
        }

    async def subscribe(self, tx: Tx, parcel: Tracked) -> None:
        """Begin the usual course, at a pace that a demo can be watched at."""
        await play(tx, parcel, Course.NORMAL, BY_ITSELF)

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> TrackNews:
        """Check the signature over the raw body, then read it."""
        if not genuine(self._key, body, headers.get(HEADER, ""), now):
            raise PushRefused(reason="signature")
        try:
            return msgspec.json.decode(body, type=TrackNews)
        except msgspec.DecodeError:
            raise PushRefused(reason="body") from None

    async def poll(self, tx: Tx, parcel: Tracked) -> Sequence[TrackEvent]:
        """Say what has happened by now, out of its own books."""
        events = await tx.db.scalar(
            select(SandboxParcelRow.events).where(
                SandboxParcelRow.shipment_id == parcel.shipment_id,
                SandboxParcelRow.merchant_id == tx.merchant_id,
                SandboxParcelRow.number == parcel.number,
            )
        )
        said = msgspec.convert(events or [], list[TrackEvent])
        return [event for event in said if event.at <= tx.now]


use(Sandbox())


async def choose_course(tx: Tx, shipment_id: UUID, course: Course) -> Shipment:
    """Have the sandbox carrier do this with a parcel, from now on."""
    require(tx, Can.SERVE_ORDERS)
    row = await locked(tx, shipment_id)
    if row.tracker != NAME:
        raise TrackerUnknown(provider=row.tracker)
    await play(tx, tracked(row), course, PACE)
    return await get(tx, shipment_id)


async def play(tx: Tx, parcel: Tracked, course: Course, pace: int) -> None:
    """Write down what will happen to the parcel, and start a push for each event."""
    script = _SCRIPTS.get(course, _NORMAL)
    played = f"{course}-{int(tx.now.timestamp())}"
    events = [
        TrackEvent(
            ref=f"{played}-{step}",
            at=tx.now + timedelta(seconds=step * pace),
            kind=kind,
            text=text,
            place=place,
        )
        for step, (kind, text, place) in enumerate(script, 1)
    ]
    statement = insert(SandboxParcelRow)
    written: dict[str, object] = {
        "course": played,
        "events": [] if course is Course.LIE else msgspec.to_builtins(events),
    }
    await tx.db.execute(
        statement.values(
            shipment_id=parcel.shipment_id,
            number=parcel.number,
            merchant_id=tx.merchant_id,
            **written,
        ).on_conflict_do_update(
            index_elements=[SandboxParcelRow.shipment_id, SandboxParcelRow.number], set_=written
        )
    )
    name = f"track-{parcel.shipment_id}-{parcel.number}-{played}"
    for at, (some, delay) in enumerate(_pushes(course, events, tx.now)):
        news = TrackNews(shipment_id=parcel.shipment_id, number=parcel.number, events=some)
        body = msgspec.json.encode(news).decode()
        push_name = f"{name}-{at}"
        lie = course is Course.LIE
        await tx.start(push, played, push_name, body, lie, 0, key=f"{push_name}-0", delay=delay)


def _pushes(
    course: Course, events: Sequence[TrackEvent], now: datetime
) -> list[tuple[list[TrackEvent], timedelta]]:
    """Say what is pushed when."""
    pushes = [([event], event.at - now) for event in events]
    match course:
        case Course.DELAYED:
            return [(list(events), events[-1].at - now)]
        case Course.TWICE:
            return [each for each in pushes for _ in range(2)]
        case Course.SHUFFLED:
            return [
                (some, delay)
                for (some, _), (_, delay) in zip(reversed(pushes), pushes, strict=True)
            ]
        case _:
            return pushes


async def push(tx: Tx, played: str, name: str, body: str, lie: bool, tries: int) -> None:  # noqa: FBT001, PLR0913, PLR0917 # a job's arguments are positional
    """POST the news to the shop, and once more after a while unless it was heard. A job.

    News of a course that was changed since is dropped.
    """
    provider = find(NAME)
    if not isinstance(provider, Sandbox):
        raise TrackerUnknown(provider=NAME)
    message = body.encode()
    about = msgspec.json.decode(message, type=TrackNews).shipment_id
    if not await _still(tx, about, played):
        return
    try:
        headers = provider.signed(message, tx.now, lie=lie)
        status = await web_client.post(provider.url, message, headers)
    except web_client.ThirdPartyAway:
        status = 0
    if status == HEARD:
        return
    if lie or tries >= len(AGAIN_AFTER):
        log.warning("%s was not heard (%s) and gives up", name, status)
        return
    again = tries + 1
    delay = timedelta(seconds=AGAIN_AFTER[tries])
    await tx.start(push, played, name, body, lie, again, key=f"{name}-{again}", delay=delay)


async def _still(tx: Tx, shipment_id: UUID, played: str) -> bool:
    found = await tx.db.scalar(
        select(SandboxParcelRow.shipment_id).where(
            SandboxParcelRow.shipment_id == shipment_id,
            SandboxParcelRow.merchant_id == tx.merchant_id,
            SandboxParcelRow.course == played,
        )
    )
    return found is not None
