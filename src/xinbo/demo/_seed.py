"""Make the demo's merchant, goods and show, once."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import Product, ProductStatus, PutProduct, PutSku
from xinbo.demo._goods import GOODS, PASSWORD, SHOPPER_PHONE, SLUG, STAFF, Goods
from xinbo.demo._room import TARGETS, furnish, plan_from_template
from xinbo.demo._selling import sell
from xinbo.engines.blobs import Blobs
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity import accounts, merchants
from xinbo.identity.accounts import AddStaff, PutAddress
from xinbo.identity.merchants import Merchant, MerchantNotFound
from xinbo.kit.ids import NIL, new_id
from xinbo.live import shows
from xinbo.live.shows import (
    CueKind,
    PutCue,
    PutCues,
    PutLineUp,
    PutLineUpItem,
    PutLineUpSku,
    PutShow,
    ShowPlan,
    ShowStatus,
)

ASSETS = Path(__file__).parent / "assets"
CLIP = ASSETS / "show.mp4"


async def seed(database: Database, blobs: Blobs) -> tuple[UUID, UUID]:
    """Return the demo's merchant and a show of its that is on air, making what is missing."""
    merchant_id = await _merchant(database, blobs)
    async with database.begin(system(merchant_id)) as tx:
        live = [show for _, show in await shows.on_air(tx) if await _is_ours(tx, show)]
        if live:
            return merchant_id, live[0]
        found = [page.id for page in await _products(tx)]
        products = await catalog.products(tx, found)
        plan = await _plan(tx, products, blobs)
        await furnish(tx, plan.show.id)
        await shows.start(tx, plan.show.id)
        await _plan_next(tx, blobs)
        await _plan_two_hours(tx, products, blobs)
    return merchant_id, plan.show.id


async def _is_ours(tx: Tx, show_id: UUID) -> bool:
    try:
        show = await shows.get(tx, show_id)
    except shows.ShowNotFound:
        return False
    return show.simulated and show.status is ShowStatus.LIVE


async def _merchant(database: Database, blobs: Blobs) -> UUID:
    try:
        async with database.begin(system(NIL)) as tx:
            return await merchants.find(tx, SLUG)
    except MerchantNotFound:
        pass
    merchant_id = new_id()
    async with database.begin(system(merchant_id)) as tx:
        await merchants.open_merchant(
            tx,
            Merchant(
                id=merchant_id,
                slug=SLUG,
                name="青禾生活",
                tagline="护肤与茶器,慢慢挑",
                avatar_url=await _asset(blobs, "merchant.webp"),
                seller_name="青禾生活科技有限公司(示例)",
                seller_address="浙江省杭州市西湖区示例路 1 号",
                seller_contact="400-000-0000",
                licence_number="91330100EXAMPLE00X",
            ),
        )
        for name, title, role in STAFF:
            await accounts.add_staff(
                tx,
                AddStaff(email=f"{name}@{SLUG}.example", name=title, role=role, password=PASSWORD),
            )
        for goods in GOODS:
            await _add(tx, goods)
        await sell(tx, {product.handle: product for product in await _products(tx)})
        shopper_id = await accounts.join(tx, SHOPPER_PHONE, "阿澈")
    async with database.begin(Actor(merchant_id, Role.SHOPPER, shopper_id)) as tx:
        await accounts.add_address(
            tx,
            shopper_id,
            PutAddress(
                name="阿澈",
                phone="13800000000",
                region=["浙江省", "杭州市", "西湖区"],
                street="文三路 100 号 3 幢 502",
                is_default=True,
            ),
        )
    return merchant_id


async def _add(tx: Tx, goods: Goods) -> None:
    product = await catalog.add(
        tx,
        PutProduct(
            handle=goods.handle,
            title=goods.title,
            subtitle=goods.subtitle,
            description=goods.description,
            unit=goods.unit,
            status=ProductStatus.ACTIVE,
            option_names=goods.option_names,
            skus=[
                PutSku(id=None, code=each.code, options=each.options, price=each.price, barcode="")
                for each in goods.variants
            ],
        ),
    )
    stock = {variant.code: variant.stock for variant in goods.variants}
    await inventory.set_on_hand_many(tx, {sku.id: stock[sku.code] for sku in product.skus})
    for picture in goods.pictures:
        await catalog.add_picture(tx, product.id, (ASSETS / f"{picture}.webp").read_bytes())


async def _products(tx: Tx) -> list[Product]:
    found = (await catalog.search(tx, None, ProductStatus.ACTIVE, None, 100)).items
    handles = [goods.handle for goods in GOODS]
    ours = [product for product in found if product.handle in handles]
    return sorted(ours, key=lambda product: handles.index(product.handle))


async def _plan(tx: Tx, products: list[Product], blobs: Blobs) -> ShowPlan:
    plan = await shows.add(
        tx,
        PutShow(
            title="初秋舒缓专场",
            summary="六件自用好物,讲清成分、用法和不适合谁。演示场次,观众为模拟。",
            cover_url=await _asset(blobs, "cover-portrait.webp"),
            host_name="苏木",
            host_avatar_url=await _asset(blobs, "host.webp"),
            starts_at=None,
            planned_minutes=120,
            version=None,
            targets=TARGETS,
        ),
        simulated=True,
    )
    by_handle = {product.handle: product for product in products}
    items = [_line(goods, by_handle[goods.handle]) for goods in GOODS]
    plan = await shows.put_line_up(tx, plan.show.id, PutLineUp(items=items, version=plan.version))
    return await shows.put_cues(
        tx, plan.show.id, PutCues(cues=_cues(by_handle), version=plan.version)
    )


def _line(goods: Goods, product: Product) -> PutLineUpItem:
    ids = {sku.code: sku.id for sku in product.skus}
    return PutLineUpItem(
        product_id=product.id,
        talking_points=goods.talking_points,
        skus=[
            PutLineUpSku(sku_id=ids[each.code], price=each.show_price, stock=each.show_stock)
            for each in goods.variants
        ],
    )


def _cues(products: dict[str, Product]) -> list[PutCue]:
    story = PutCue(
        kind=CueKind.STORY, title="开场与今天的六件", minutes=8, product_id=None, notes=""
    )
    questions = PutCue(
        kind=CueKind.INTERACTION, title="答疑三题", minutes=10, product_id=None, notes=""
    )
    explain = [
        PutCue(
            kind=CueKind.PRODUCT,
            title=f"讲解 · {goods.cue}",
            minutes=15,
            product_id=products[goods.handle].id,
            notes=goods.talking_points,
        )
        for goods in GOODS
    ]
    return [story, *explain[:3], questions, *explain[3:]]


async def _plan_next(tx: Tx, blobs: Blobs) -> None:
    """Announce another show, so that the list is not empty of things to come."""
    plan = await shows.add(
        tx,
        PutShow(
            title="秋冬茶器夜场",
            summary="青瓷、白茶与一盏灯。",
            cover_url=await _asset(blobs, "cover-wide.webp"),
            host_name="苏木",
            host_avatar_url=await _asset(blobs, "host.webp"),
            starts_at=tx.now + timedelta(days=2),
            planned_minutes=90,
            version=None,
        ),
        simulated=True,
    )
    await shows.schedule(tx, plan.show.id)


async def _plan_two_hours(tx: Tx, products: list[Product], blobs: Blobs) -> None:
    """Leave a draft that was planned from a template: the one to rehearse."""
    plan = await shows.add(
        tx,
        PutShow(
            title="冬日护肤两小时",
            summary="从「两小时美妆」模板排出来的一场:五件主推、两次抽奖、三档限时。",
            cover_url=await _asset(blobs, "cover-portrait.webp"),
            host_name="苏木",
            host_avatar_url=await _asset(blobs, "host.webp"),
            starts_at=None,
            planned_minutes=120,
            version=None,
            targets=TARGETS,
        ),
        simulated=True,
    )
    await plan_from_template(tx, plan.show.id, products)


async def _asset(blobs: Blobs, name: str) -> str:
    return f"/blobs/{await blobs.put((ASSETS / name).read_bytes(), name.rsplit('.', 1)[-1])}"
