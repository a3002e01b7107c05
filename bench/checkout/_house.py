"""What is under the bench: the flash sale's merchant and people, with more goods and promotions."""

from datetime import UTC, datetime, timedelta

from bench.checkout._plan import Goods, Person
from bench.flashsale._house import House, build
from xinbo.commerce import catalog, inventory, promotions
from xinbo.commerce.catalog import ProductStatus, PutProduct, PutSku
from xinbo.commerce.promotions import FreeFreight, FullReduction, PutPromotion, Threshold
from xinbo.commerce.promotions import Goods as About
from xinbo.engines.tx import system
from xinbo.kit.ids import NIL

KINDS = 200
PLENTY = 10_000_000


async def stocked(url: str, people: int) -> tuple[House, list[Goods], list[Person]]:
    """Open the shop: 200 SKUs that do not run out, two full reductions and free freight."""
    house = await build(url)
    goods: list[Goods] = []
    async with house.database.begin(system(house.merchant_id)) as tx:
        for n in range(KINDS):
            product = await catalog.add(
                tx,
                PutProduct(
                    handle=f"goods-{n}",
                    title=f"goods {n}",
                    subtitle="",
                    description="",
                    unit="件",
                    status=ProductStatus.ACTIVE,
                    option_names=[],
                    skus=[
                        PutSku(
                            id=None,
                            code=f"goods-{n}",
                            options=[],
                            price=4_900 + n * 100,
                            barcode="",
                        )
                    ],
                ),
            )
            goods.append(Goods(str(product.skus[0].id), product.skus[0].price))
            await inventory.set_on_hand(tx, product.skus[0].id, PLENTY)
        everything = About(categories=[], products=[], skus=[])
        for name, rule in (
            (
                "满299减40",
                FullReduction(
                    goods=everything,
                    steps=[
                        Threshold(
                            at_least_amount=29_900, at_least_pieces=None, off=4_000, rate=None
                        )
                    ],
                    repeat=False,
                    most=None,
                ),
            ),
            (
                "三件九折",
                FullReduction(
                    goods=everything,
                    steps=[
                        Threshold(at_least_amount=None, at_least_pieces=3, off=None, rate=9_000)
                    ],
                    repeat=False,
                    most=None,
                ),
            ),
            ("满99包邮", FreeFreight(goods=everything, at_least_amount=9_900)),
        ):
            draft = await promotions.add(
                tx,
                PutPromotion(
                    name=name,
                    venue_id=NIL,
                    starts_at=datetime.now(UTC) - timedelta(minutes=1),
                    ends_at=datetime.now(UTC) + timedelta(days=1),
                    rule=rule,
                    items=[],
                    version=None,
                ),
            )
            await promotions.schedule(tx, draft.id)
    chosen = house.people[:people]
    return house, goods, [Person(each.cookie, str(each.address_id)) for each in chosen]
