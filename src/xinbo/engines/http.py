"""Where Litestar meets the rooms: one transaction a request, refusals as problem documents."""

import logging
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi import ResponseSpec
from litestar.status_codes import HTTP_400_BAD_REQUEST
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from xinbo.engines.batch import cut_off, sqlstate
from xinbo.engines.callers import Authenticate, Caller, SignInRequired, shopper, signed_in
from xinbo.engines.tx import Actor, Database, Tx
from xinbo.kit.errors import Invalid, NotAllowed, XinboError

__all__ = [
    "HANDLERS",
    "Http",
    "IdempotencyKeyRequired",
    "SignInRequired",
    "actor",
    "idempotency_key",
    "provide_tx",
    "refuses",
    "same_site",
    "shopper",
    "signed_in",
]

Http = Request[Any, Any, State]

SHORTEST, LONGEST = 8, 100
"""Characters of an idempotency key."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HOOKS = "/api/v1/hooks/"
VALUE_REFUSED = "22"
"""SQLSTATEs of data exceptions: U+0000 in a text, a number out of range."""
PROBLEM = "application/problem+json"
log = logging.getLogger("xinbo.http")


class CrossSiteRefused(NotAllowed):
    """Raised when a page of another site asks for a change (CSRF)."""


class IdempotencyKeyRequired(Invalid):
    """Raised when a request that costs money or stock carries no usable `Idempotency-Key`."""

    status = 400


async def provide_tx(request: Http) -> AsyncGenerator[Tx]:
    """Open the request's transaction; it commits before the response is sent."""
    database: Database = request.app.state.database
    async with database.begin(await actor(request)) as tx:
        yield tx


async def actor(request: Http) -> Actor:
    """Say who calls."""
    authenticate: Authenticate = request.app.state.authenticate
    return await authenticate(
        request.app.state.database,
        Caller(
            path=request.scope["path"],
            cookies=request.cookies,
            merchant=request.headers.get("x-merchant") or request.query_params.get("merchant"),
            address=request.client.host if request.client else "",
        ),
    )


def idempotency_key(request: Http) -> str:
    """Read the key that makes a repeated request harmless: 8 to 100 printable characters.

    Raises `IdempotencyKeyRequired`.
    """
    key = request.headers.get("idempotency-key", "")
    if not (SHORTEST <= len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise IdempotencyKeyRequired(header="Idempotency-Key")
    return key


async def same_site(request: Http) -> None:
    """Refuse changes asked for by other sites' pages (before every request).

    Browsers always send `Origin` with an unsafe request and no page can forge it; programs
    that send none must say `X-Requested-With`, which no cross-site form can. Hooks are let
    through: they carry a signature and no cookie.
    """
    if request.method in SAFE or request.scope["path"].startswith(HOOKS):
        return
    origin = request.headers.get("origin")
    if origin is None:
        if "x-requested-with" not in request.headers:
            raise CrossSiteRefused(header="X-Requested-With")
    elif urlsplit(origin).netloc != request.headers.get("host"):
        raise CrossSiteRefused(origin=origin[:200])


def problem(_: Http, error: XinboError) -> Response[dict[str, object]]:
    """Turn a refusal into an RFC 9457 problem document."""
    headers: dict[str, str] = {}
    if "retry_after" in error.facts:
        headers["Retry-After"] = str(error.facts["retry_after"])
    return _problem(error.code(), error.status, _facts(error), headers)


def invalid(_: Http, error: ValidationException) -> Response[dict[str, object]]:
    """Say which fields could not be read: `errors: [{at, message}]`."""
    extra: Any = error.extra if isinstance(error.extra, list) else []
    errors = [
        {"at": str(each.get("key", "")), "message": str(each.get("message", ""))} for each in extra
    ]
    facts = {"errors": errors or [{"at": "", "message": error.detail}]}
    return _problem("InvalidRequest", 400, facts, {})


def refused(_: Http, error: HTTPException) -> Response[dict[str, object]]:
    """Put the framework's own refusals (no such route, too large, …) in the same shape."""
    if error.status_code == HTTP_400_BAD_REQUEST:  # not even JSON
        return _unreadable("", error.detail)
    name = {404: "RouteNotFound", 405: "MethodNotAllowed", 413: "TooLarge"}.get(error.status_code)
    facts = {"detail": error.detail}
    return _problem(name or "HttpError", error.status_code, facts, error.headers or {})


def away(request: Http, error: Exception) -> Response[dict[str, object]]:
    """Say that the database is away or has no connection free: trying again is right."""
    log.warning("%s %s: %s", request.method, request.url.path, type(error).__name__)
    return _problem("DatabaseAway", 503, {"retryAfter": 1}, {"Retry-After": "1"})


def undone(request: Http, error: DBAPIError) -> Response[dict[str, object]]:
    """Tell a database that is away, or starting, from a value that it cannot hold."""
    if cut_off(error) or isinstance(error, OperationalError):
        return away(request, error)
    if sqlstate(error).startswith(VALUE_REFUSED):
        log.warning("%s %s: %s", request.method, request.url.path, sqlstate(error))
        return _unreadable("", "a text or number that cannot be kept")
    return broken(request, error)


def broken(request: Http, error: Exception) -> Response[dict[str, object]]:
    """Admit a fault of ours, keeping its particulars in our log."""
    if isinstance(error.__cause__, StopIteration):
        # Litestar looks for the one file of a form that has none, and trips over it.
        return _unreadable("file", "a form with one file is expected")
    if isinstance(error, RecursionError):
        return _unreadable("", "nested too deeply")
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _problem("InternalError", 500, {}, {})


HANDLERS: dict[int | type[Exception], Any] = {
    XinboError: problem,
    ValidationException: invalid,
    HTTPException: refused,
    DBAPIError: undone,
    PoolTimeout: away,
    ConnectionError: away,
    Exception: broken,
}


def refuses(*errors: type[XinboError]) -> dict[int, ResponseSpec]:
    """Declare what a route may refuse, so that the front end's types know it."""
    problems: dict[int, Any] = {}
    for error in errors:
        name = error.code()
        struct = msgspec.defstruct(f"{name}Problem", [("type", Literal[name]), ("status", int)])
        known = problems.get(error.status)
        problems[error.status] = struct if known is None else known | struct
    return {
        status: ResponseSpec(struct, generate_examples=False, description="Refused")
        for status, struct in problems.items()
    }


def _unreadable(at: str, message: str) -> Response[dict[str, object]]:
    return _problem("InvalidRequest", 400, {"errors": [{"at": at, "message": message}]}, {})


def _problem(
    name: str, status: int, facts: Mapping[str, object], headers: Mapping[str, str]
) -> Response[dict[str, object]]:
    return Response(
        {"type": name, "status": status, **facts},
        status_code=status,
        media_type=PROBLEM,
        headers=dict(headers),
    )


def _facts(error: XinboError) -> dict[str, object]:
    return {_camel(name): msgspec.to_builtins(fact) for name, fact in error.facts.items()}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)
