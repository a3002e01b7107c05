"""Pictures are seen by those whose matter they are, and by nobody else."""

from io import BytesIO
from uuid import UUID

import pytest
from msgspec.structs import replace
from PIL import Image

from tests.commerce.aftersales.counter import Counter, ask
from xinbo.commerce import aftersales
from xinbo.commerce.aftersales import EvidenceNotFound
from xinbo.commerce.catalog import PictureRefused
from xinbo.engines.callers import SignInRequired
from xinbo.engines.tx import Actor, Role
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


def picture(size: tuple[int, int] = (40, 20)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


async def put(shop: Counter, who: Actor) -> UUID:
    async with shop.database.begin(who) as tx:
        return (await aftersales.add_evidence(tx, picture())).id


async def test_a_picture_is_seen_by_both_sides_of_its_case_alone(
    shop: Counter, other_merchant_id: UUID
) -> None:
    who, other = await shop.buyer(), await shop.buyer()
    shown = await put(shop, who.actor)
    with pytest.raises(EvidenceNotFound):
        await see(shop, shop.service, shown)
    command = replace(ask(), picture_ids=[shown])
    case = await shop.ask(who, await shop.had(who), command)

    for may in (who.actor, shop.service, shop.owner):
        assert (await see(shop, may, shown)).startswith(b"RIFF")
    for not_ in (
        other.actor,
        Actor(shop.merchant_id, Role.GUEST),
        Actor(shop.merchant_id, Role.HOST, new_id()),
        Actor(other_merchant_id, Role.OWNER, new_id()),
    ):
        with pytest.raises(EvidenceNotFound):
            await see(shop, not_, shown)
    async with shop.database.begin(who.actor) as tx:
        assert (await aftersales.get(tx, case.id)).picture_ids == [shown]


async def test_pictures_are_not_under_the_address_that_everybody_reads(shop: Counter) -> None:
    who = await shop.buyer()
    await put(shop, who.actor)
    public = shop.database.blobs.folder
    assert not public.exists() or not list(public.iterdir())
    assert list(shop.database.blobs.private.folder.iterdir())


async def test_a_picture_of_somebody_else_cannot_be_attached(shop: Counter) -> None:
    who, other = await shop.buyer(), await shop.buyer()
    theirs = await put(shop, other.actor)
    with pytest.raises(EvidenceNotFound):
        await shop.ask(who, await shop.had(who), replace(ask(), picture_ids=[theirs]))


async def test_what_is_no_picture_or_too_large_is_refused(shop: Counter) -> None:
    who = await shop.buyer()
    for content in (b"not a picture", b"x" * 5_000_001):
        async with shop.database.begin(who.actor) as tx:
            with pytest.raises(PictureRefused):
                await aftersales.add_evidence(tx, content)
    async with shop.database.begin(Actor(shop.merchant_id, Role.GUEST)) as tx:
        with pytest.raises(SignInRequired):
            await aftersales.add_evidence(tx, picture())


async def see(shop: Counter, who: Actor, picture_id: UUID) -> bytes:
    async with shop.database.begin(who) as tx:
        return await aftersales.evidence(tx, picture_id)
