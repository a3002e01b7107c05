"""The console: who gets in, goods by hand and by file, a show from its name to the air."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import ASSETS, CUP, PASSWORD, SERUM, House
from tests.journeys.screens import DESK, Screen
from xinbo.engines.tx import Role

pytestmark = pytest.mark.anyio

HEAD = "商品编号,商品名称,单位,商品状态,规格编码(SKU),价格,库存\n"
BAD = HEAD + "tea-1,白茶冷泡礼盒,盒,上架,TEA-1,九十九,10\ntea-2,,盒,上架,TEA-2,99.00,多\n"
GOOD = HEAD + "".join(
    f"tea-{n},白茶冷泡礼盒 {n} 号,盒,上架,TEA-{n},{n}.00,{n}\n" for n in range(1, 41)
)


async def at_desk(screen: OpenScreen, house: House, role: Role, path: str) -> Screen:
    desk = await screen(size=DESK, staff=await house.staff(role))
    await desk.page.goto(f"{house.site.url}/console{path}")
    return desk


async def test_a_wrong_password_is_refused_in_words_and_the_right_one_leads_in_and_out(
    house: House, screen: OpenScreen
) -> None:
    desk = await screen(size=DESK)
    email = await house.seat(Role.OWNER)
    await desk.page.goto(f"{house.site.url}/console/goods")
    await desk.page.get_by_label("邮箱").fill(email)
    await desk.page.get_by_label("密码", exact=True).fill("not the password")
    await desk.button("登录").click()
    await desk.see("邮箱或密码不对。请检查大小写后再试。")
    await desk.keep("console-refused")
    await desk.page.get_by_label("密码", exact=True).fill(PASSWORD)
    await desk.button("登录").click()
    await expect(desk.page.get_by_role("heading", name="商品", exact=True)).to_be_visible()
    shop = desk.page.get_by_role("link", name="打开店铺")
    assert await shop.get_attribute("href") == f"/{house.slug}/"
    await desk.button("退出").click()
    await expect(desk.page.get_by_role("heading", name="登录工作台")).to_be_visible()


async def test_a_product_is_made_with_a_picture_and_stands_in_the_shop(
    house: House, screen: OpenScreen
) -> None:
    desk = await at_desk(screen, house, Role.OPERATOR, "/goods/new")
    await desk.page.get_by_label("商品名称").fill("天青品茗杯")
    await desk.page.get_by_label("状态").select_option("在售")
    await desk.page.get_by_label("规格编码").fill("CUP-SKY")
    await desk.page.get_by_label("标价（元）").fill("八十八")
    await desk.button("保存").click()
    await desk.see("写成金额，如 99 或 99.50")
    await desk.page.get_by_label("标价（元）").fill("88.50")
    await desk.page.get_by_label("总库存").fill("12")
    await desk.button("保存").click()
    await desk.see("商品已保存")
    await desk.page.locator("input[type=file]").set_input_files(ASSETS / "cup-pea.webp")
    await desk.see("主图")
    await desk.keep("console-product-made")
    phone = await screen()
    await phone.page.goto(f"{house.shop}/")
    await phone.page.get_by_text("天青品茗杯").tap()
    await phone.see("还剩 12 件")
    await expect(phone.page.get_by_role("img", name="天青品茗杯")).to_be_visible()


async def test_a_file_is_tried_first_cell_by_cell_and_then_applied_whole(
    house: House, screen: OpenScreen, tmp_path: Path
) -> None:
    for name, text in (("bad", BAD), ("good", GOOD)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    desk = await at_desk(screen, house, Role.OPERATOR, "/goods/import")
    await desk.page.locator("input[type=file]").set_input_files(tmp_path / "bad.csv")
    errors = desk.page.get_by_role("table")
    await expect(errors).to_contain_text("价格不是数字")
    rows = [await row.inner_text() for row in await errors.get_by_role("row").all()]
    cells = {tuple(row.split("\t")[:3]) for row in rows}
    assert {("2", "价格", "九十九"), ("3", "库存", "多")} <= cells
    await expect(desk.button("导入")).to_have_count(0)
    await desk.keep("console-import-errors")
    await desk.button("换一份文件").click()
    await desk.page.locator("input[type=file]").set_input_files(tmp_path / "good.csv")
    await desk.see("检查通过，可以导入")
    await desk.see("40 / 40 行")
    await desk.keep("console-import-ready")
    await desk.button("导入").click()
    await desk.page.get_by_role("alertdialog").get_by_role("button", name="导入").click()
    await desk.see("导入完成")
    await desk.page.get_by_role("link", name="去看商品").click()
    await desk.page.get_by_label("搜索").fill("冷泡礼盒 17")
    await expect(desk.page.get_by_role("row").filter(has_text="TEA-17")).to_contain_text("¥17.00")


async def test_a_show_is_named_filled_ordered_and_announced_but_never_empty(
    house: House, screen: OpenScreen
) -> None:
    desk = await at_desk(screen, house, Role.OPERATOR, "/shows")
    await desk.button("新建直播").first.click()
    await desk.page.get_by_label("标题").fill("秋冬茶器夜场")
    await desk.page.get_by_label("主播").fill("苏木")
    await desk.button("创建").click()
    await desk.button("彩排").click()
    await desk.page.get_by_role("alertdialog").get_by_role("button", name="彩排").click()
    await desk.see("货盘是空的，不能开始")
    await desk.keep("console-empty-line-up")
    await desk.button("添加商品").first.click()
    for title in (CUP, SERUM):
        await desk.page.get_by_role("checkbox", name=title).check()
    await desk.button("添加 2 件").click()
    price = desk.page.get_by_label("直播价（元）").first
    await price.fill("9999")
    await desk.button("保存").click()
    await desk.see("直播价不能高于标价")
    await price.fill("59.9")
    await desk.page.get_by_label("开始时间").fill("2031-01-01T20:00")
    await desk.button("保存").click()
    await desk.see("已保存")
    await desk.page.get_by_role("tab", name="流程").click()
    await desk.page.get_by_role("link", name="编辑流程").click()
    await desk.button("按货盘补齐讲解").click()
    await expect(desk.page.get_by_role("button", name="讲解「")).to_have_count(2)
    await expect(desk.page.get_by_role("status").filter(has_text="已保存")).to_be_visible()
    await desk.page.get_by_role("link", name="货盘").click()
    await desk.keep("console-show-editor")
    await desk.button("发布预告").click()
    await desk.page.get_by_role("alertdialog").get_by_role("button", name="发布预告").click()
    await desk.see("预告已发布")
    phone = await screen()
    await phone.page.goto(f"{house.shop}/")
    await phone.page.get_by_text("秋冬茶器夜场").tap()
    await phone.see("距开播")


@pytest.mark.parametrize(
    ("role", "links"),
    [
        (
            Role.OWNER,
            [
                "直播",
                "商品",
                "订单",
                "客服",
                "售后",
                "投诉与仲裁",
                "营销",
                "聊天管理",
                "资金",
                "成员",
            ],
        ),
        (Role.HOST, ["直播", "营销", "聊天管理"]),
        (Role.SERVICE, ["直播", "订单", "客服", "售后", "投诉与仲裁", "营销", "聊天管理"]),
    ],
)
async def test_every_role_finds_its_own_pages_and_no_others(
    house: House, screen: OpenScreen, role: Role, links: list[str]
) -> None:
    desk = await at_desk(screen, house, role, "/")
    navigation = desk.page.get_by_role("navigation", name="导航", exact=True)
    await expect(navigation.get_by_role("link")).to_have_text(links)
    if "成员" not in links:
        await desk.page.goto(f"{house.site.url}/console/staff")
        await desk.see("这个页面不存在，或你的角色看不到")


async def test_an_owner_seats_someone_and_takes_the_seat_away(
    house: House, screen: OpenScreen
) -> None:
    desk = await at_desk(screen, house, Role.OWNER, "/staff")
    await desk.button("添加成员").click()
    ask = desk.page.get_by_role("dialog")
    await ask.get_by_label("姓名").fill("周禾")
    await ask.get_by_label("邮箱").fill(f"new@{house.slug}.example")
    await ask.get_by_label("初始密码").fill(PASSWORD)
    await ask.get_by_role("button", name="添加成员").click()
    await desk.see("已添加 周禾")
    line = desk.page.get_by_role("listitem").filter(has_text="周禾")
    await line.get_by_role("button", name="停用").click()
    await desk.page.get_by_role("alertdialog").get_by_role("button", name="停用").click()
    await expect(line).to_contain_text("已停用")
    await desk.keep("console-staff")
