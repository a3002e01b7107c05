"""How we call third parties: one POST, with a time limit, and a status code for an answer."""

import functools
import ssl
from collections.abc import Mapping

import httpx

from xinbo.kit.errors import Unavailable


class ThirdPartyAway(Unavailable):
    """Raised when the other side could not be reached, or did not answer in time."""


async def post(url: str, body: bytes, headers: Mapping[str, str], *, patience: float = 10.0) -> int:
    """POST the bytes as they are and return the HTTP status, whatever it is.

    `patience` is in seconds, for each step of the exchange. Redirects are not followed.
    """
    try:
        async with httpx.AsyncClient(timeout=patience, verify=_trust(), trust_env=False) as client:
            answer = await client.post(url, content=body, headers=dict(headers))
    except httpx.HTTPError as fault:
        raise ThirdPartyAway(fault=type(fault).__name__) from fault
    return answer.status_code


@functools.cache
def _trust() -> ssl.SSLContext:
    """Load the authorities once: it takes longer than most requests."""
    return ssl.create_default_context()
