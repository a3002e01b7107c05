"""Sessions: opened at sign-in, looked up at each request, remembered for a moment."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import delete, select

from xinbo.engines.batch import Batcher
from xinbo.engines.callers import Caller
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity import merchants
from xinbo.identity.accounts._models import SessionRow
from xinbo.identity.accounts._rules import digest, new_token
from xinbo.kit.ids import NIL

SHOPPER_COOKIE = "xinbo_shopper"
STAFF_COOKIE = "xinbo_staff"
GUEST_COOKIE = "xinbo_guest"
LASTS = timedelta(days=30)
REMEMBERED = 5.0
"""Seconds a process trusts its memory of a session: how long sign-out takes elsewhere."""
MOST = 20_000


async def open_session(tx: Tx, role: Role, user_id: UUID) -> str:
    """Sign someone in; return the token that goes into the cookie."""
    token = new_token()
    tx.db.add(
        SessionRow(
            token_hash=digest(token),
            merchant_id=tx.merchant_id,
            role=role,
            user_id=user_id,
            created_at=tx.now,
            expires_at=tx.now + LASTS,
        )
    )
    await tx.db.flush()
    return token


async def end_session(tx: Tx) -> None:
    """Sign the caller out. Harmless to repeat."""
    gone = tx.actor.session
    await tx.db.execute(delete(SessionRow).where(SessionRow.token_hash == gone))
    _sessions.drop(gone)


async def end_sessions_of(tx: Tx, user_id: UUID) -> None:
    """Sign someone out everywhere."""
    ended = await tx.db.scalars(
        delete(SessionRow)
        .where(SessionRow.merchant_id == tx.merchant_id, SessionRow.user_id == user_id)
        .returning(SessionRow.token_hash)
    )
    for token_hash in ended:
        _sessions.drop(token_hash)


async def authenticate(database: Database, caller: Caller) -> Actor:
    """Make an actor of a request: by its session's cookie, or a guest of the named merchant.

    Console routes read the staff's cookie, all others the shopper's, so that one browser can
    hold both. A session of another merchant counts as none.
    """
    console = caller.path.startswith("/api/v1/console")
    token = caller.cookies.get(STAFF_COOKIE if console else SHOPPER_COOKIE)
    if token and (session := await _session(database, digest(token))):
        here = session.merchant_id
        if console or caller.merchant is None or here == await _merchant(database, caller):
            return Actor(
                here,
                session.role,
                session.user_id,
                session.user_id,
                caller.address,
                digest(token),
                str(_guest(caller) or ""),
            )
    merchant_id = NIL if console else await _merchant(database, caller)
    guest = _guest(caller)
    return Actor(merchant_id, Role.GUEST, None, guest, caller.address, device=str(guest or ""))


def _guest(caller: Caller) -> UUID | None:
    try:
        return UUID(caller.cookies.get(GUEST_COOKIE, ""))
    except ValueError:
        return None


async def _merchant(database: Database, caller: Caller) -> UUID:
    slug = caller.merchant
    if (known := _merchants.get(slug or "")) is not None:
        return known
    try:
        async with database.begin(system(NIL)) as tx:
            found = await merchants.find(tx, slug)
    except merchants.MerchantNotFound:
        if caller.path.startswith("/api/v1/hooks"):
            return NIL
        raise
    _merchants.put(slug or "", found)
    return found


async def _session(database: Database, token_hash: str) -> Actor | None:
    if (known := _sessions.get(token_hash)) is not None:
        return known
    if database not in _lookups:
        _lookups[database] = Batcher(lambda hashes: _look_up(database, hashes))
    found = await _lookups[database].ask(token_hash)
    if found is not None:
        _sessions.put(token_hash, found)
    return found


async def _look_up(database: Database, hashes: Sequence[str]) -> Sequence[Actor | None]:
    """Find many sessions with one query: a crowd that arrives at once takes one connection."""
    async with database.begin(system(NIL)) as tx:
        rows = await tx.db.scalars(
            select(SessionRow).where(
                SessionRow.token_hash.in_(set(hashes)), SessionRow.expires_at > tx.now
            )
        )
        found = {row.token_hash: Actor(row.merchant_id, row.role, row.user_id) for row in rows}
    return [found.get(token_hash) for token_hash in hashes]


class _Memory[Value]:
    """Values for a few seconds, at most `MOST` of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Value]] = {}

    def get(self, key: str) -> Value | None:
        until, value = self._kept.get(key, (0.0, None))
        return value if until > self._clock() else None

    def put(self, key: str, value: Value) -> None:
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (self._clock() + REMEMBERED, value)

    def drop(self, key: str) -> None:
        self._kept.pop(key, None)


_sessions = _Memory[Actor]()
_lookups: WeakKeyDictionary[Database, Batcher[str, Actor | None]] = WeakKeyDictionary()
_merchants = _Memory[UUID]()
