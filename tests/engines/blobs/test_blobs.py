"""Blobs are named by their bytes, and a key is never a way out of the folder."""

import pytest

from xinbo.engines import blobs as addresses
from xinbo.engines.blobs import BlobNotFound, Blobs

pytestmark = pytest.mark.anyio


async def test_the_same_bytes_are_kept_once(blobs: Blobs) -> None:
    first = await blobs.put(b"tea", "webp")
    second = await blobs.put(b"tea", "webp")

    assert first == second
    assert [file.name for file in blobs.folder.iterdir()] == [first]
    assert await blobs.get(first) == b"tea"


async def test_other_bytes_have_another_key(blobs: Blobs) -> None:
    assert await blobs.put(b"tea", "webp") != await blobs.put(b"cup", "webp")


@pytest.mark.parametrize("key", ["../secret", "", "/etc/passwd", "0" * 64 + ".webp", "x.webp"])
async def test_what_was_never_put_is_not_found(key: str, blobs: Blobs) -> None:
    (blobs.folder.parent / "secret").write_text("keep out")

    with pytest.raises(BlobNotFound):
        await blobs.get(key)


@pytest.mark.parametrize("ending", ["../x", "", "webp/..", "WEBP"])
async def test_an_ending_is_a_file_type_and_nothing_else(ending: str, blobs: Blobs) -> None:
    with pytest.raises(ValueError, match="no file type"):
        await blobs.put(b"tea", ending)


async def test_an_address_tells_its_key_and_no_other_address_does(blobs: Blobs) -> None:
    key = await blobs.put(b"tea", "webp")

    assert addresses.key_of(addresses.url(key)) == key
    for other in (key, f"https://elsewhere.test/blobs/{key}", "/blobs/../secret", "/blobs/"):
        assert addresses.key_of(other) is None
