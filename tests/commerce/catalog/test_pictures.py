"""A picture is what a stranger sent: looked at closely, and made anew."""

from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from xinbo.commerce import catalog
from xinbo.commerce.catalog import PictureRefused, Product, ProductStatus, PutProduct, PutSku
from xinbo.engines import blobs
from xinbo.engines.blobs import Blobs
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


async def cup(tx: Tx, code: str = "CUP") -> Product:
    sku = PutSku(id=None, code=code, options=[], price=9900, barcode="")
    command = PutProduct(
        handle=code.lower(),
        title="青瓷杯",
        subtitle="",
        description="",
        unit="只",
        status=ProductStatus.ACTIVE,
        option_names=[],
        skus=[sku],
    )
    return await catalog.add(tx, command)


def photo(size: tuple[int, int] = (1200, 600), kind: str = "JPEG", mode: str = "RGB") -> bytes:
    out = BytesIO()
    exif = Image.Exif()
    exif[MAKE] = "Phone of a private person"
    exif[ORIENTATION] = 6  # lies on its side
    exif.get_ifd(GPS)[1] = "N"
    Image.new(mode, size, "teal" if mode != "1" else 1).save(out, kind, exif=exif)
    return out.getvalue()


async def opened(store: Blobs, address: str) -> Image.Image:
    image = Image.open(BytesIO(await store.get(blobs.key_of(address) or "")))
    image.load()
    return image


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("WEBP", "RGB"),
    ],
)
async def test_a_picture_is_made_anew_in_two_sizes_upright_and_without_exif(
    kind: str, mode: str, tx: Tx, blobs: Blobs
) -> None:
    product = await cup(tx)
    picture = await catalog.add_picture(tx, product.id, photo(kind=kind, mode=mode), "正面")

    whole, thumb = await opened(blobs, picture.url), await opened(blobs, picture.thumb_url)

    assert (whole.format, whole.size) == ("WEBP", (400, 800))
    assert (picture.width, picture.height, picture.alt) == (400, 800, "正面")
    assert (thumb.format, thumb.size) == ("WEBP", (120, 240))
    assert not whole.getexif()
    assert not thumb.getexif()
    assert (await catalog.get(tx, product.id)).pictures == [picture]


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 200,000 pixels wide and high."""
    small = bytearray(photo(kind="PNG"))
    small[16:24] = (200_000).to_bytes(4) * 2
    return bytes(small)


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("not_a_picture", b""),
        ("not_a_picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("not_a_picture", b"GIF89a" + bytes(40)),
        ("not_a_picture", b"<script>alert(1)</script>"),
        ("broken", photo()[:900]),
        ("broken", photo(kind="PNG")[:200]),
        ("too_many_pixels", photo((10_000, 4_001), "PNG", "1")),
        ("too_many_pixels", photo((10_000, 9_500), "PNG", "1")),
        ("too_many_bytes", photo() + bytes(8_000_000)),
    ],
)
async def test_what_is_no_good_picture_is_refused(
    reason: str, content: bytes, tx: Tx, blobs: Blobs
) -> None:
    product = await cup(tx)

    with pytest.raises(PictureRefused) as refusal:
        await catalog.add_picture(tx, product.id, content)

    assert refusal.value.facts["reason"] == reason
    assert not blobs.folder.exists()


async def test_a_small_file_that_would_unfold_into_gigabytes_is_refused(tx: Tx) -> None:
    product = await cup(tx)
    with pytest.raises(PictureRefused):
        await catalog.add_picture(tx, product.id, bomb())


async def test_a_variant_shows_its_own_picture_or_else_the_products_first(tx: Tx) -> None:
    product = await cup(tx)
    first = await catalog.add_picture(tx, product.id, photo((300, 200)))
    second = await catalog.add_picture(tx, product.id, photo((200, 300)))
    sku = product.skus[0]
    assert (await catalog.skus(tx, [sku.id]))[sku.id].picture_url == first.thumb_url

    own = PutSku(id=sku.id, code="CUP", options=[], price=1, barcode="", picture_id=second.id)
    command = PutProduct(
        handle=None,
        title="杯",
        subtitle="",
        description="",
        unit="只",
        status=ProductStatus.ACTIVE,
        option_names=[],
        skus=[own],
    )
    changed = await catalog.put(tx, product.id, command)

    assert changed.skus[0].picture_url == second.thumb_url
    assert (await catalog.skus(tx, [sku.id]))[sku.id].picture_url == second.thumb_url
    await catalog.remove_picture(tx, product.id, second.id)
    again = await catalog.get(tx, product.id)
    assert [each.id for each in again.pictures] == [first.id]
    assert again.skus[0].picture_id is None


async def test_strangers_and_other_merchants_cannot_touch_a_picture(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(owner) as tx:
        product = await cup(tx)
        picture = await catalog.add_picture(tx, product.id, photo())
        with pytest.raises(catalog.PictureNotFound):
            await catalog.remove_picture(tx, product.id, new_id())
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id())) as tx:
        with pytest.raises(catalog.ProductNotFound):
            await catalog.remove_picture(tx, product.id, picture.id)
        with pytest.raises(catalog.ProductNotFound):
            await catalog.add_picture(tx, product.id, photo())
        assert await catalog.owned(tx, [picture.url]) == set()
        # Naming another merchant's picture in a file brings nothing in.
        own = await cup(tx, "OWN")
        upsert = catalog.Upsert(
            id=own.id,
            product=PutProduct(
                handle="own",
                title="杯",
                subtitle="",
                description="",
                unit="只",
                status=ProductStatus.ACTIVE,
                option_names=[],
                skus=[PutSku(id=None, code="OWN", options=[], price=1, barcode="")],
            ),
            pictures=[catalog.PutPicture(url=picture.url, alt="")],
        )
        await catalog.upsert_many(tx, [upsert])
        assert (await catalog.get(tx, own.id)).pictures == []
