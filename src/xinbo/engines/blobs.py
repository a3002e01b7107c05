"""Files that never change, named by what is in them: pictures, above all.

A blob's key is the SHA-256 of its bytes and an ending, so the same bytes are kept once, a key
can be cached for ever, and a key that was rolled back or forgotten does no harm.
"""

import asyncio
import hashlib
import os
import re
from pathlib import Path

from xinbo.kit.errors import NotFound
from xinbo.kit.ids import new_id

PREFIX = "/blobs/"
KEY = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")


class BlobNotFound(NotFound):
    """Raised when there is no blob of that key, or it is no key at all."""


def url(key: str) -> str:
    """Return where browsers find the blob, on the origin of the pages."""
    return f"{PREFIX}{key}"


def key_of(address: str) -> str | None:
    """Read the key out of an address that `url` made; None for any other address."""
    key = address.removeprefix(PREFIX)
    return key if key != address and KEY.fullmatch(key) else None


class Blobs:
    """Blobs in a folder, which the web server shows under `/blobs/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def private(self) -> "Blobs":
        """Blobs that no web server shows: a room hands them out to those who may see them."""
        return Blobs(self.folder.with_name(f"{self.folder.name}-private"))

    async def put(self, content: bytes, ending: str) -> str:
        """Keep the bytes and return their key. `ending` is the file type: `webp`."""
        return await asyncio.to_thread(self._put, content, ending)

    async def get(self, key: str) -> bytes:
        """Return the bytes of a blob, or raise `BlobNotFound`."""
        return await asyncio.to_thread(self._get, key)

    def _put(self, content: bytes, ending: str) -> str:
        key = f"{hashlib.sha256(content).hexdigest()}.{ending}"
        if not KEY.fullmatch(key):
            raise ValueError(f"{ending!r} is no file type")
        file = self.folder / key
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            # Under its own name only once it is whole: a crash leaves no half picture.
            fresh = self.folder / f".{new_id()}"
            with fresh.open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            fresh.chmod(0o644)
            fresh.replace(file)
        return key

    def _get(self, key: str) -> bytes:
        if not KEY.fullmatch(key):
            raise BlobNotFound(key=key[:80])
        try:
            return (self.folder / key).read_bytes()
        except FileNotFoundError:
            raise BlobNotFound(key=key) from None
