"""How we call third parties: one exchange, with a limit to its time and to the answer's size."""

import functools
import ssl
from collections.abc import Mapping

import httpx
from msgspec import Struct

from xinbo.kit.errors import Unavailable


class ThirdPartyAway(Unavailable):
    """Raised when the other side could not be reached, or did not answer in time."""


class Reply(Struct, frozen=True):
    """What the other side answered. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


async def post(url: str, body: bytes, headers: Mapping[str, str], *, patience: float = 10.0) -> int:
    """POST the bytes as they are and return the HTTP status, whatever it is.

    `patience` is in seconds, for each step of the exchange. Redirects are not followed.
    """
    return (await exchange("POST", url, body, headers, patience=patience)).status


async def exchange(  # noqa: PLR0913 # two of them are limits, which most callers leave
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    patience: float = 10.0,
    most: int = 2_000_000,
) -> Reply:
    """Send the bytes as they are and return the answer, whatever its status is.

    `patience` is in seconds, for each step of the exchange; `most` is in bytes. Redirects are not
    followed. Raises `ThirdPartyAway`, also where the answer is too long.
    """
    try:
        async with (
            httpx.AsyncClient(timeout=patience, verify=_trust(), trust_env=False) as client,
            client.stream(method, url, content=body, headers=dict(headers)) as answer,
        ):
            said = bytearray()
            async for part in answer.aiter_bytes():
                said += part
                if len(said) > most:
                    raise ThirdPartyAway(fault="TooLong")
    except httpx.HTTPError as fault:
        raise ThirdPartyAway(fault=type(fault).__name__) from fault
    named = {name.lower(): value for name, value in answer.headers.items()}
    return Reply(answer.status_code, named, bytes(said))


@functools.cache
def _trust() -> ssl.SSLContext:
    """Load the authorities once: it takes longer than most requests."""
    return ssl.create_default_context()
