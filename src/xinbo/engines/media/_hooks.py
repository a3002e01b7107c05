"""What the media engine asks of web, and tells it: who may publish, what began, what ended."""

import asyncio
import contextlib
from http import HTTPStatus
from typing import Literal, Protocol

import httpx
import msgspec

from xinbo.engines.media._types import (
    AlreadyPublishing,
    Grant,
    PublisherRefused,
    SourceName,
    StreamKeyRefused,
    WebAway,
)

type Kind = Literal["rtmp", "whip"]
PATIENCE = 5.0
"""Seconds that a publisher waits for web to come back."""


class Report(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A session has begun (there are pictures to show), or is over; or the programme has moved.

    `restarted` is told first by each new media process: nothing is on air. Its session is a new
    id that names nothing.
    """

    action: Literal["restarted", "started", "switched", "stopped"]
    session: str
    stream_id: str | None = None
    protocol: str | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    """How much of the session is recorded."""
    source: SourceName | None = None
    on_air: Literal["main", "backup", "none"] | None = None
    """Where the programme comes from, now that this has happened."""
    reason: Literal["command", "silence", "ended", "preferred", "first"] | None = None
    """Why it comes from there, if it came from elsewhere before."""


class Hooks(Protocol):
    """The decisions and the memory of web."""

    async def publish(self, protocol: Kind, credential: str, session: str) -> Grant:
        """Let a publisher in, or raise a PublisherRefused."""
        ...

    async def report(self, report: Report, patience: float) -> bool:
        """Tell web, trying again for `patience` seconds; say whether it was told."""
        ...


class HttpHooks:
    """The hooks of `POST <web>/api/v1/hooks/media`."""

    def __init__(self, web_url: str, token: str) -> None:
        self._url = f"{web_url}/api/v1/hooks/media"
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"}, timeout=4, trust_env=False
        )

    async def publish(self, protocol: Kind, credential: str, session: str) -> Grant:
        """Let a publisher in, or raise a PublisherRefused."""
        body = {
            "action": "publish",
            "protocol": protocol,
            "credential": credential,
            "session": session,
        }
        answer = await self._ask(body, PATIENCE)
        if answer is None or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise WebAway(retry_after=2)
        if answer.status_code == HTTPStatus.CONFLICT:
            raise AlreadyPublishing
        if not answer.is_success:
            raise StreamKeyRefused
        try:
            return msgspec.json.decode(answer.content, type=Grant)
        except msgspec.DecodeError as error:
            raise PublisherRefused(reason="web's answer is not a grant") from error

    async def report(self, report: Report, patience: float) -> bool:
        """Tell web, trying again for `patience` seconds; say whether it was told."""
        answer = await self._ask(msgspec.to_builtins(report), patience)
        return answer is not None and answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _ask(self, body: object, patience: float) -> httpx.Response | None:
        """Post until there is an answer other than 5xx, or the patience ends."""
        clock = asyncio.get_running_loop().time
        deadline, pause = clock() + patience, 0.1
        answer: httpx.Response | None = None
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = await self._client.post(self._url, json=body)
                if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    return answer
            if clock() + pause > deadline:
                return answer
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)
