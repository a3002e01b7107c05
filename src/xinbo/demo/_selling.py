"""What the demo's shop offers beside the show: categories, freight, promotions of each kind."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import msgspec

from xinbo.commerce import catalog, freight, promotions
from xinbo.commerce.catalog import (
    AttributeKind,
    ContentUnit,
    Product,
    PutAttribute,
    PutCategory,
    PutProduct,
    PutSku,
    ReturnRule,
)
from xinbo.commerce.freight import ChargedBy, PutTemplate, Zone
from xinbo.commerce.promotions import (
    Audience,
    Bargaining,
    CouponRule,
    FlashSale,
    FreeFreight,
    FullReduction,
    Goods,
    GroupBuy,
    MemberPrice,
    Presale,
    PutItem,
    PutPromotion,
    Rule,
    Threshold,
)
from xinbo.engines.tx import Tx
from xinbo.kit.ids import NIL

EVERYTHING = Goods(categories=[], products=[], skus=[])
WEEK = timedelta(days=7)


class Facts(msgspec.Struct, frozen=True):
    """What is to be said of one product: where it belongs, what it holds and weighs."""

    category: str
    content: int
    content_unit: ContentUnit
    grams: int
    attributes: dict[str, str | float | bool]


FACTS = {
    "centella-serum": Facts("精华", 30, ContentUnit.ML, 120, {"skin": "敏感", "texture": "清爽"}),
    "barrier-cream": Facts("面霜", 50, ContentUnit.G, 180, {"skin": "干性", "texture": "滋润"}),
    "amino-cleanser": Facts("洁面", 120, ContentUnit.G, 160, {"skin": "各种", "texture": "细密"}),
    "light-sunscreen": Facts("防晒", 40, ContentUnit.ML, 90, {"skin": "各种", "texture": "清爽"}),
    "white-tea-box": Facts("茶", 12, ContentUnit.PIECE, 140, {"origin": "福建福鼎"}),
    "celadon-cup": Facts("茶器", 1, ContentUnit.PIECE, 320, {"origin": "浙江龙泉", "volume": 160}),
}
SKIN = PutAttribute(
    key="skin",
    name="适合肤质",
    kind=AttributeKind.CHOICE,
    options=["各种", "干性", "油性", "混合", "敏感"],
)
TEXTURE = PutAttribute(key="texture", name="质地", kind=AttributeKind.TEXT)
ORIGIN = PutAttribute(key="origin", name="产地", kind=AttributeKind.TEXT)
VOLUME = PutAttribute(key="volume", name="容量", kind=AttributeKind.NUMBER, unit="mL")
TREE = (
    ("护肤", ReturnRule.UNLESS_OPENED, [SKIN, TEXTURE], ("精华", "面霜", "洁面", "防晒")),
    ("茶与器", ReturnRule.SEVEN_DAYS, [ORIGIN, VOLUME], ("茶", "茶器")),
)


async def sell(tx: Tx, products: Mapping[str, Product]) -> None:
    """Sort the goods, say what sending costs, and begin every promotion; for a new demo."""
    categories = await _categories(tx)
    for handle, facts in FACTS.items():
        await catalog.put(tx, products[handle].id, _sorted(products[handle], facts, categories))
    await freight.add(tx, FREIGHT)
    skus = {sku.code: sku.id for product in products.values() for sku in product.skus}
    for name, rule, items, lasts in _promotions(tx, skus):
        written = await promotions.add(
            tx,
            PutPromotion(
                name=name,
                venue_id=NIL,
                starts_at=tx.now,
                ends_at=tx.now + lasts,
                rule=rule,
                items=items,
                version=None,
            ),
        )
        await promotions.schedule(tx, written.id)


async def _categories(tx: Tx) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for place, (name, rule, attributes, leaves) in enumerate(TREE):
        root = await catalog.add_category(
            tx,
            PutCategory(name=name, position=place, attributes=attributes, return_rule=rule),
        )
        for position, leaf in enumerate(leaves):
            added = await catalog.add_category(
                tx, PutCategory(name=leaf, parent_id=root.id, position=position)
            )
            found[leaf] = added.id
    return found


def _sorted(product: Product, facts: Facts, categories: Mapping[str, UUID]) -> PutProduct:
    return PutProduct(
        handle=product.handle,
        title=product.title,
        subtitle=product.subtitle,
        description=product.description,
        unit=product.unit,
        status=product.status,
        option_names=product.option_names,
        skus=[
            PutSku(
                id=sku.id,
                code=sku.code,
                options=sku.options,
                price=sku.price,
                barcode=sku.barcode,
                picture_id=sku.picture_id,
                grams=facts.grams,
            )
            for sku in product.skus
        ],
        category_id=categories[facts.category],
        brand="青禾",
        attributes=facts.attributes,
        content=facts.content,
        content_unit=facts.content_unit,
    )


FREIGHT = PutTemplate(
    name="全国快递",
    charged_by=ChargedBy.PIECE,
    zones=[
        Zone(
            places=[["新疆维吾尔自治区"], ["西藏自治区"]],
            deliver=True,
            first=1,
            first_fee=1800,
            further=1,
            further_fee=600,
        ),
        Zone(
            places=[],
            deliver=True,
            first=1,
            first_fee=800,
            further=2,
            further_fee=200,
            free_amount=9_900,
        ),
    ],
    is_default=True,
    ships_from="浙江杭州",
)


def _promotions(
    tx: Tx, skus: Mapping[str, UUID]
) -> list[tuple[str, Rule, list[PutItem], timedelta]]:
    opens = tx.now + timedelta(days=5)
    return [
        ("满 199 减 20，满 399 减 50", FULL_REDUCTION, [], WEEK),
        ("满 299 包邮到边疆", FreeFreight(goods=EVERYTHING, at_least_amount=29_900), [], WEEK),
        ("全场券", _coupon(9_900, 1_000, Audience.ALL), [], WEEK),
        ("新客券", _coupon(5_900, 1_500, Audience.NEW), [], WEEK),
        (
            "冷泡茶秒杀",
            FlashSale(),
            [PutItem(sku_id=skus["QH-TEA-12"], price=10_800, stock=80, per_person=2)],
            timedelta(hours=20),
        ),
        (
            "两人成团",
            GroupBuy(size=2, hours=24),
            [PutItem(sku_id=skus["QH-CUP-SKY"], price=11_800, stock=30)],
            WEEK,
        ),
        (
            "豆青新窑预售",
            Presale(
                balance_from=opens,
                balance_until=opens + timedelta(days=3),
                ships_by=opens + timedelta(days=10),
            ),
            [
                PutItem(
                    sku_id=skus["QH-CUP-PEA"], price=14_800, stock=30, deposit=2_000, worth=4_000
                )
            ],
            timedelta(days=4),
        ),
        (
            "会员价",
            MemberPrice(level=1),
            [PutItem(sku_id=skus["QH-CLEANSER-120"], price=8_200)],
            WEEK,
        ),
        (
            "好友砍一刀",
            Bargaining(helpers=3, hours=48),
            [PutItem(sku_id=skus["QH-SUN-40"], price=13_900, stock=40, floor=9_900)],
            WEEK,
        ),
    ]


FULL_REDUCTION = FullReduction(
    goods=EVERYTHING,
    steps=[
        Threshold(at_least_amount=19_900, at_least_pieces=None, off=2_000, rate=None),
        Threshold(at_least_amount=39_900, at_least_pieces=None, off=5_000, rate=None),
    ],
    repeat=False,
    most=None,
)


def _coupon(threshold: int, off: int, audience: Audience) -> CouponRule:
    return CouponRule(
        goods=EVERYTHING,
        threshold=threshold,
        off=off,
        rate=None,
        most=None,
        total=1_000,
        per_person=1,
        audience=audience,
        level=0,
        use_from=None,
        use_until=None,
        use_days=7,
    )
