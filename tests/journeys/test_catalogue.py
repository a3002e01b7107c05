"""Goods are found, told apart and counted: by shoppers on a phone, by staff at a desk."""

from uuid import UUID

import msgspec
import pytest
from playwright.async_api import Browser, expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import CREAM, CUP, SERUM, House, Site, open_house
from tests.journeys.pages import bare_keys, grave_faults
from tests.journeys.screens import DESK, PHONE, Screen, open_screen
from xinbo.commerce import catalog, inventory
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
from xinbo.commerce.inventory import MovePart, PutWarehouse, Receive
from xinbo.engines.tx import Role
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

SKIN = PutAttribute(
    key="skin", name="适用肤质", kind=AttributeKind.CHOICE, options=["敏感肌", "所有肤质"]
)
SIZES = [(PHONE, "phone"), (DESK, "desk")]


async def sorted_out(house: House) -> dict[str, UUID]:
    """Put the merchant's goods into categories, say what they are, and open a second warehouse."""
    async with house.tx() as tx:
        care = await catalog.add_category(
            tx,
            PutCategory(name="护肤", attributes=[SKIN], return_rule=ReturnRule.UNLESS_OPENED),
        )
        creams = await catalog.add_category(tx, PutCategory(name="面霜", parent_id=care.id))
        serums = await catalog.add_category(tx, PutCategory(name="精华", parent_id=care.id))
        tea = await catalog.add_category(tx, PutCategory(name="茶器", position=1))
        said: tuple[tuple[str, UUID, dict[str, catalog.AttributeValue], int | None], ...] = (
            (SERUM, serums.id, {"skin": "敏感肌"}, 30),
            (CREAM, creams.id, {"skin": "所有肤质"}, 50),
            (CUP, tea.id, {}, None),
        )
        for title, category_id, attributes, content in said:
            command = put(house.goods[title])
            command = msgspec.structs.replace(
                command,
                category_id=category_id,
                brand="青禾",
                attributes=attributes,
                content=content,
                content_unit=ContentUnit.ML if content else None,
            )
            await catalog.put(tx, house.goods[title].id, command)
        north = await inventory.add_warehouse(tx, PutWarehouse(name="北仓", address="天津市武清区"))
        cup = house.goods[CUP].skus[0].id
        parts = [MovePart(sku_id=cup, quantity=24)]
        await inventory.receive(tx, Receive(parts=parts, warehouse_id=north.id, ref="送货单 1024"))
        await inventory.set_on_hand(tx, house.goods[CREAM].skus[0].id, 4)
        await inventory.set_threshold(tx, house.goods[CREAM].skus[0].id, 10)
    return {"护肤": care.id, "面霜": creams.id, "茶器": tea.id}


def put(product: Product) -> PutProduct:
    """Say what would have to be put for the product to stay as it is."""
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
                id=sku.id, code=sku.code, options=sku.options, price=sku.price, barcode=sku.barcode
            )
            for sku in product.skus
        ],
    )


@pytest.mark.parametrize("typed", ["jixuecao", "jxcsh", "积雪草", "積雪草", "jingh"])
async def test_a_shopper_types_pinyin_and_finds_the_product(
    typed: str, house: House, screen: OpenScreen
) -> None:
    phone: Screen = await screen()
    await phone.page.goto(house.shop)

    await phone.page.get_by_role("searchbox").fill(typed)
    await phone.tap(phone.button("搜索"))

    tiles = phone.page.locator("main a[href*='/products/']")
    await expect(tiles).to_have_count(1)
    await phone.tap(tiles.first)
    await expect(phone.page.get_by_role("heading", name=SERUM).first).to_be_visible()


async def test_what_was_looked_for_is_offered_again_and_can_be_forgotten(
    house: House, screen: OpenScreen
) -> None:
    phone: Screen = await screen()
    await phone.page.goto(f"{house.shop}/search?q=没有这样的东西")
    await phone.see("没有找到商品")
    box = phone.page.get_by_role("searchbox")
    await box.fill("qingci")
    await phone.see("搜索建议")
    await box.press("Enter")
    await phone.see(CUP)

    await phone.tap(phone.button("清空"))
    await box.focus()
    await expect(phone.button("qingci")).to_be_visible()
    await phone.tap(phone.button("清空记录"))
    await expect(phone.button("qingci")).to_have_count(0)


async def test_a_shopper_goes_by_category_filters_and_sorts(
    house: House, screen: OpenScreen
) -> None:
    await sorted_out(house)
    phone: Screen = await screen()
    await phone.page.goto(f"{house.shop}/categories")
    tiles = phone.page.locator("main a[href*='/products/']")

    await phone.tap(phone.button("护肤"))
    await expect(tiles).to_have_count(2)
    await phone.tap(phone.button("面霜"))
    await expect(tiles).to_have_count(1)
    await phone.tap(phone.button("茶器"))
    await phone.see(CUP)

    await phone.page.goto(f"{house.shop}/search")
    await expect(tiles).to_have_count(3)
    await phone.page.get_by_label("排序").select_option("price_up")
    await expect(tiles.first).to_contain_text(CUP)
    await phone.tap(phone.button("筛选"))
    await phone.tap(phone.page.get_by_role("button", name="敏感肌"))
    await phone.tap(phone.button("查看结果"))
    await expect(tiles).to_have_count(1)
    await expect(tiles.first).to_contain_text(SERUM)


async def test_an_attribute_of_a_category_shows_on_the_product_page(
    browser: Browser, house: House, screen: OpenScreen
) -> None:
    """The staff edits a category and says of a product what it asks; the shopper reads it."""
    await sorted_out(house)
    desk: Screen = await screen(size=DESK, staff=await house.staff(Role.OWNER))
    await desk.page.goto(f"{house.site.url}/console/goods/categories")
    await desk.button("茶器").click()
    await desk.button("添加属性").click()
    await desk.page.get_by_label("属性 1").fill("容量")
    await desk.page.get_by_label("类型").select_option("number")
    await desk.page.get_by_label("单位").fill("mL")
    await desk.button("保存").click()
    await desk.see("分类已保存")

    await desk.page.goto(f"{house.site.url}/console/goods/{house.goods[CUP].id}")
    await desk.page.get_by_label("容量 (mL)").fill("120")
    await desk.button("保存").click()
    await desk.see("商品已保存")

    phone: Screen = await screen()
    await phone.page.goto(f"{house.shop}/products/{house.goods[CUP].id}")
    await phone.see("120 mL")
    await phone.see("青禾")
    await expect(phone.page.get_by_role("link", name="茶器")).to_be_visible()


async def test_pieces_that_are_taken_in_are_listed_with_why(
    house: House, screen: OpenScreen
) -> None:
    await sorted_out(house)
    desk: Screen = await screen(size=DESK, staff=await house.staff(Role.OWNER))
    await desk.page.goto(f"{house.site.url}/console/goods/stock")
    await desk.page.get_by_role("tab", name="库存预警").click()
    await desk.see("仅剩 4")
    await desk.button("出入库").click()
    await desk.page.get_by_label("仓库").select_option(label="北仓 (0)")
    await desk.page.get_by_label("数量").fill("30")
    await desk.page.get_by_label("单号").fill("送货单 2048")
    await desk.button("保存").click()
    await desk.see("已记录")
    await desk.see("没有库存预警")

    await desk.page.get_by_role("tab", name="出入库明细").click()
    row = desk.page.get_by_role("row").filter(has_text="送货单 2048")
    await expect(row).to_contain_text("+30")
    await expect(row).to_contain_text("入库")
    await expect(row).to_contain_text("北仓")


@pytest.mark.parametrize(("size", "name"), SIZES)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_no_page_of_the_catalogue_has_a_grave_fault(
    language: str, size: tuple[int, int], name: str, browser: Browser, site: Site
) -> None:
    house = await open_house(site, f"g{new_id().hex[-12:]}")
    ids = await sorted_out(house)
    seen = await open_screen(
        browser, house, size=size, language=language, staff=await house.staff(Role.OWNER)
    )
    console = f"{house.site.url}/console"
    paths = {
        "categories": f"{house.shop}/categories?in={ids['护肤']}",
        "search": f"{house.shop}/search?q=qinghe",
        "search-none": f"{house.shop}/search?q=zzzz",
        "product": f"{house.shop}/products/{house.goods[CREAM].id}",
        "console-categories": f"{console}/goods/categories",
        "console-stock": f"{console}/goods/stock",
        "console-product": f"{console}/goods/{house.goods[CREAM].id}",
    }
    faults: list[str] = []
    for page, path in paths.items():
        await seen.page.goto(path)
        await seen.page.wait_for_load_state("networkidle")
        await expect(seen.page.locator("[aria-busy=true]")).to_have_count(0)
        faults += [f"{page}: {fault}" for fault in await grave_faults(seen.page)]
        faults += [f"{page}: {key}" for key in await bare_keys(seen.page)]
        await seen.keep(f"catalogue-{page}-{name}-{language}")
    assert faults + seen.complaints == []
