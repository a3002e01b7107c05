"""What is under the bench: 40,000 products with 100,000 SKUs, in 60 categories of 40 brands."""

import random
import time
from collections.abc import Sequence
from itertools import batched
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import (
    AttributeKind,
    ContentUnit,
    ProductStatus,
    PutAttribute,
    PutCategory,
    PutProduct,
    PutSku,
    Upsert,
)
from xinbo.engines.db import migrate
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Database, system
from xinbo.identity import merchants
from xinbo.identity.merchants import Merchant
from xinbo.kit.ids import NIL, new_id

PRODUCTS = 40_000
AT_ONCE = 1000
MEASURED = 10_000

KINDS = """
面霜 精华 面膜 洁面乳 护手霜 身体乳 防晒 口红 眼影 卸妆油 洗发水 护发素 沐浴露
牙膏 牙刷 毛巾 浴巾 茶杯 茶壶 茶叶 绿茶 红茶 咖啡 保温杯 水壶 饭盒 砧板 菜刀
炒锅 汤锅 电饭煲 空气炸锅 吹风机 台灯 插座 充电宝 耳机 键盘 鼠标 手机壳 背包
行李箱 雨伞 拖鞋 袜子 衬衫 毛衣 外套 裤子 裙子 帽子 围巾 枕头 被子 床单 蚊帐
收纳盒 衣架 花瓶 香薰
""".split()  # noqa: SIM905
TRAITS = """
保湿 补水 舒缓 修护 清爽 温和 敏感肌 便携 加厚 柔软 儿童 家用 大容量 轻便 防水
静音 快充 纯棉 真丝 不锈钢 陶瓷 玻璃 手工 复古 简约 夏季 冬季 礼盒 旅行 办公室
学生 男士 女士 积雪草 玻尿酸
""".split()  # noqa: SIM905
NAMES = "青 禾 云 山 南 星 木 白 鹿 海 月 竹 溪 松 石 花 雨 林 风 雪"
SKIN = PutAttribute(
    key="skin", name="肤质", kind=AttributeKind.CHOICE, options=["干性", "油性", "混合"]
)


class Shop(msgspec.Struct):
    """The shop, and how long it took to fill."""

    product_ids: list[UUID]
    category_ids: list[UUID]
    brands: list[str]
    seconds: float
    bare_seconds: float


async def fill(url: str) -> Shop:
    """Make the tables and the goods."""
    await migrate(url)
    database = Database(url, RecordedJobs())
    merchant_id = new_id()
    async with database.begin(system(NIL)) as tx:
        await merchants.open_merchant(tx, _merchant(merchant_id))
    chance = random.Random(11)  # noqa: S311 # goods, not secrets
    async with database.begin(system(merchant_id)) as tx:
        roots = [
            (await catalog.add_category(tx, PutCategory(name=name, attributes=[SKIN]))).id
            for name in ("美妆", "生活", "服饰")
        ]
        leaves = [
            (await catalog.add_category(tx, PutCategory(name=kind, parent_id=roots[at % 3]))).id
            for at, kind in enumerate(KINDS)
        ]
    words = NAMES.split()
    brands = ["青禾", *(f"{one}{two}" for one, two in zip(words, words[7:], strict=False))]
    made = [_product(number, chance, leaves, brands) for number in range(PRODUCTS)]
    seconds = 0.0
    for number, some in enumerate(batched(made, MEASURED, strict=False)):
        began = time.perf_counter()
        async with database.begin(system(merchant_id)) as tx:
            ids: dict[str, UUID] = {}
            for few in batched(some, AT_ONCE, strict=False):
                ids |= await catalog.upsert_many(tx, few)
        if number == 0:
            seconds = time.perf_counter() - began
        async with database.begin(system(merchant_id)) as tx:
            stock = {sku_id: chance.choice((0, 5, 50)) for sku_id in ids.values()}
            await inventory.set_on_hand_many(tx, stock)
    async with database.begin(system(merchant_id)) as tx:
        found = await tx.db.scalars(
            text("select id from product where status = 'active' limit 400")
        )
        product_ids = list(found)
    async with database.engine.connect() as connection:
        free = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await free.execute(text("vacuum analyze"))
    await database.engine.dispose()
    bare = await _bare(url, made[:MEASURED])
    return Shop(product_ids, [*roots, *leaves[:17]], brands[:10], seconds, bare)


async def _bare(url: str, made: Sequence[Upsert]) -> float:
    """Time a COPY of the titles and the codes into tables without an index."""
    products = [(each.product.title, each.product.handle) for each in made]
    skus = [(sku.code, sku.price) for each in made for sku in each.product.skus]
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("create table bare_product (title text, handle text)"))
        await connection.execute(text("create table bare_sku (code text, price bigint)"))
        bare: Any = (await connection.get_raw_connection()).driver_connection
        began = time.perf_counter()
        await bare.copy_records_to_table("bare_product", records=products)
        await bare.copy_records_to_table("bare_sku", records=skus)
        took = time.perf_counter() - began
    await engine.dispose()
    return took


def _product(
    number: int, chance: random.Random, leaves: Sequence[UUID], brands: Sequence[str]
) -> Upsert:
    at = chance.randrange(len(KINDS))
    brand = chance.choice(brands)
    traits = "".join(chance.sample(TRAITS, 3))
    sizes = ["30ml", "50ml", "100ml"][: 2 + number % 2]
    content = 30 if at % 3 == 0 else None
    return Upsert(
        id=None,
        product=PutProduct(
            handle=f"b-{number:06d}",
            title=f"{brand} {traits}{KINDS[at]} {chance.choice('ABCDEF')}{chance.randrange(100)}",
            subtitle="".join(chance.sample(TRAITS, 2)),
            description="用料扎实, 做工细致。" * 20,
            unit="件",
            status=ProductStatus.ACTIVE if number % 20 else ProductStatus.ARCHIVED,
            option_names=["规格"],
            skus=[
                PutSku(
                    id=None,
                    code=f"B-{number:06d}-{nth}",
                    options=[size],
                    price=chance.randrange(990, 99_900, 10),
                    barcode="",
                    grams=100 * nth,
                )
                for nth, size in enumerate(sizes, 1)
            ],
            category_id=leaves[at],
            brand=brand,
            attributes={"skin": chance.choice(SKIN.options)} if number % 2 else {},
            content=content,
            content_unit=ContentUnit.ML if content else None,
        ),
        pictures=[],
    )


def _merchant(merchant_id: UUID) -> Merchant:
    return Merchant(
        id=merchant_id,
        slug="bench",
        name="bench",
        tagline="",
        avatar_url=None,
        seller_name="bench",
        seller_address="bench",
        seller_contact="bench",
        licence_number="bench",
    )
