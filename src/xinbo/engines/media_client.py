"""What the rooms ask of the media engine."""

from http import HTTPStatus
from uuid import UUID

import httpx

from xinbo.engines.settings import Settings


async def kick(stream_id: UUID) -> None:
    """Cut off whoever publishes to the stream. Harmless where nobody does."""
    settings = Settings.load()
    base = settings.media_url or f"http://127.0.0.1:{settings.media_port}"
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.delete(
            f"{base}/publishers/{stream_id}",
            headers={"Authorization": f"Bearer {settings.hook_token}"},
        )
    if answer.status_code != HTTPStatus.NOT_FOUND:
        answer.raise_for_status()


async def put_on_air(stream_id: UUID, source: str) -> bool:
    """Take the stream's programme from `source`; say whether it was there to take it from."""
    settings = Settings.load()
    base = settings.media_url or f"http://127.0.0.1:{settings.media_port}"
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.put(
            f"{base}/programmes/{stream_id}/{source}",
            headers={"Authorization": f"Bearer {settings.hook_token}"},
        )
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return False
    answer.raise_for_status()
    return True
