"""Templates are kept, given to products, and charge what is sent."""

import asyncio
from uuid import UUID

import pytest

from tests.support import product_on_sale
from xinbo.commerce import freight
from xinbo.commerce.catalog import Product, ProductNotFound
from xinbo.commerce.freight import (
    AssignTemplate,
    ChargedBy,
    Parcel,
    PutTemplate,
    TemplateNotFound,
    TooManyTemplates,
    Zone,
)
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio
HANGZHOU, LHASA = ["浙江省", "杭州市", "西湖区"], ["西藏自治区", "拉萨市", "城关区"]


def template(
    name: str = "默认", *, fee: int = 800, is_default: bool = False, **zone: object
) -> PutTemplate:
    """Make a template: everywhere at one price, and nothing to Tibet."""
    rest = {"first": 1, "first_fee": fee, "further": 1, "further_fee": 200} | zone
    return PutTemplate(
        name=name,
        charged_by=ChargedBy.PIECE,
        zones=[
            Zone(places=[], deliver=True, **rest),  # type: ignore[arg-type]
            Zone(
                places=[["西藏自治区"]],
                deliver=False,
                first=1,
                first_fee=0,
                further=1,
                further_fee=0,
            ),
        ],
        is_default=is_default,
    )


def parcel(product: Product, quantity: int = 1, amount: int = 9900) -> Parcel:
    """Make pieces of a product that are to be sent."""
    return Parcel(
        sku_id=product.skus[0].id,
        product_id=product.id,
        quantity=quantity,
        grams=500,
        amount=amount,
    )


async def test_without_a_template_sending_is_free(tx: Tx) -> None:
    answer = await freight.quote(tx, [parcel(await product_on_sale(tx))], HANGZHOU)
    assert (answer.amount, answer.why, answer.refused) == (0, [], [])


async def test_the_default_template_charges_what_has_none_of_its_own(tx: Tx) -> None:
    plain, heavy = await product_on_sale(tx), await product_on_sale(tx)
    usual = await freight.add(tx, template())
    own = await freight.add(tx, template("大件", fee=5000))
    await freight.assign(tx, AssignTemplate(template_id=own.id, product_ids=[heavy.id]))

    answer = await freight.quote(tx, [parcel(plain, 2), parcel(heavy)], HANGZHOU)

    assert usual.is_default
    assert answer.amount == 1000 + 5000
    assert [(step.name, step.units, step.fee) for step in answer.why] == [
        ("默认", 2, 1000),
        ("大件", 1, 5000),
    ]


async def test_what_is_not_delivered_there_is_refused_by_sku(tx: Tx) -> None:
    far, near = await product_on_sale(tx), await product_on_sale(tx)
    await freight.add(tx, template())
    anywhere = await freight.add(
        tx,
        PutTemplate(
            name="全国", charged_by=ChargedBy.PIECE, zones=[template().zones[0]], is_default=False
        ),
    )
    await freight.assign(tx, AssignTemplate(template_id=anywhere.id, product_ids=[near.id]))

    answer = await freight.quote(tx, [parcel(far), parcel(near)], LHASA)

    assert answer.refused == [far.skus[0].id]
    assert answer.amount == 800


async def test_enough_goods_are_sent_free_and_the_page_can_say_so(tx: Tx) -> None:
    product = await product_on_sale(tx)
    await freight.add(tx, template(free_amount=9900))

    little = await freight.quote(tx, [parcel(product, amount=9899)], HANGZHOU)
    enough = await freight.quote(tx, [parcel(product, amount=9900)], HANGZHOU)

    assert (little.amount, enough.amount) == (800, 0)
    assert [step.free for step in enough.why] == [True]


async def test_many_are_answered_as_each_would_be(tx: Tx) -> None:
    one, other = await product_on_sale(tx), await product_on_sale(tx)
    await freight.add(tx, template())
    asks = [
        ([parcel(one, n), parcel(other)], region) for n in (1, 5) for region in (HANGZHOU, LHASA)
    ]

    assert await freight.quote_all(tx, asks) == [
        await freight.quote(tx, some, region) for some, region in asks
    ]


async def test_there_is_one_default_and_removing_a_template_frees_its_products(tx: Tx) -> None:
    product = await product_on_sale(tx)
    first = await freight.add(tx, template("一"))
    second = await freight.add(tx, template("二", fee=100, is_default=True))
    await freight.assign(tx, AssignTemplate(template_id=first.id, product_ids=[product.id]))
    assert [each.is_default for each in await freight.templates(tx)] == [False, True]
    assert [each.products for each in await freight.templates(tx)] == [1, 0]
    assert await freight.assigned(tx, first.id) == [product.id]

    await freight.remove(tx, first.id)

    assert (await freight.quote(tx, [parcel(product)], HANGZHOU)).amount == 100
    kept = await freight.put(tx, second.id, template("三", is_default=False))
    assert (kept.name, kept.is_default) == ("三", True)


async def test_two_new_defaults_at_once_leave_one(database: Database, merchant_id: UUID) -> None:
    async def add(name: str) -> None:
        async with database.begin(system(merchant_id)) as tx:
            await freight.add(tx, template(name, is_default=True))

    await asyncio.gather(*(add(str(n)) for n in range(6)))

    async with database.begin(system(merchant_id)) as tx:
        known = await freight.templates(tx)
    assert (len(known), sum(each.is_default for each in known)) == (6, 1)


async def test_a_template_is_its_merchants_alone(
    database: Database, tx: Tx, other_merchant_id: UUID
) -> None:
    own = await freight.add(tx, template())
    product = await product_on_sale(tx)
    stranger = tx.acting(Actor(other_merchant_id, Role.OWNER, new_id()))

    assert await freight.templates(stranger) == []
    for change in (
        freight.put(stranger, own.id, template()),
        freight.remove(stranger, own.id),
        freight.assigned(stranger, own.id),
    ):
        with pytest.raises(TemplateNotFound):
            await change
    with pytest.raises(ProductNotFound):
        await freight.assign(stranger, AssignTemplate(template_id=None, product_ids=[product.id]))
    with pytest.raises(NotPermitted):
        await freight.add(tx.acting(Actor(tx.merchant_id, Role.SERVICE, new_id())), template())


async def test_there_are_as_many_templates_as_a_list_can_show(
    tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xinbo.commerce.freight._service.MOST", 2)
    for name in "一二":
        await freight.add(tx, template(name))
    with pytest.raises(TooManyTemplates):
        await freight.add(tx, template("三"))


def test_a_place_stands_in_one_zone_only() -> None:
    twice = template().zones[1]
    with pytest.raises(ValueError, match="one zone only"):
        PutTemplate(name="二", charged_by=ChargedBy.PIECE, zones=[twice, twice], is_default=False)
    rest = template().zones[0]
    with pytest.raises(ValueError, match="everywhere else"):
        PutTemplate(name="二", charged_by=ChargedBy.PIECE, zones=[rest, rest], is_default=False)
