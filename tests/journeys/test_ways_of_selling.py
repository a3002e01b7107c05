"""Every way of selling, from the product's page to the paid order, as shoppers go through it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from playwright.async_api import expect
from sqlalchemy import text

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import CREAM, House
from tests.journeys.pages import bare_keys, grave_faults
from tests.journeys.screens import Screen
from xinbo.commerce.promotions import (
    Bargaining,
    FlashSale,
    GroupBuy,
    MemberPrice,
    Presale,
    PutItem,
)

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


def item(house: House, price: int, **terms: int) -> PutItem:
    """Put the cream, whose list price is ¥199, up at a price."""
    return PutItem(sku_id=house.goods[CREAM].skus[0].id, price=price, **terms)


async def look(phone: Screen, house: House) -> None:
    """Open the cream's page."""
    await phone.page.goto(f"{house.shop}/products/{house.goods[CREAM].id}")
    await expect(phone.page.get_by_role("heading", name=CREAM).first).to_be_visible()


async def press(phone: Screen, name: str) -> None:
    """Press the button (or follow the link) whose name begins like this."""
    both = phone.page.get_by_role("button", name=name).or_(
        phone.page.get_by_role("link", name=name)
    )
    await phone.tap(both.last)


async def pay(phone: Screen) -> None:
    """Confirm the payment that the page asks for, and see that it went through."""
    await phone.tap(phone.button("确认支付"))
    await expect(phone.page.get_by_role("heading", name="已支付")).to_be_visible()


async def costs(phone: Screen, amount: str) -> None:
    """See this amount somewhere on the page."""
    await expect(phone.page.get_by_text(amount).first).to_be_visible()


async def is_fit(phone: Screen, name: str) -> None:
    """Nothing keeps people out, no key stands in place of words; keep what it looks like."""
    await phone.keep(name)
    assert await grave_faults(phone.page) == []
    assert await bare_keys(phone.page) == []


async def at_once(house: House, statement: str, **named: object) -> None:
    """Let time pass for one thing: its moment is moved to now."""
    async with house.tx() as tx:
        await tx.db.execute(text(statement), named)


async def test_plain_goods_are_bought_at_the_shops_price(house: House, screen: OpenScreen) -> None:
    phone = await screen(shopper=await house.shopper("+8613900000081"))
    await look(phone, house)
    await costs(phone, "¥199")
    await press(phone, "选规格购买")
    await press(phone, "立即购买")
    await pay(phone)
    await costs(phone, "¥199")


async def test_a_flash_sale_sells_each_person_what_it_said_and_says_when_that_is_used_up(
    house: House, screen: OpenScreen
) -> None:
    """#17: the countdown is the server's, whatever the phone's clock says."""
    await house.promote(FlashSale(), item(house, 9_900, stock=5, per_person=1))
    phone = await screen(shopper=await house.shopper("+8613900000082"))
    await phone.page.goto(f"{house.shop}/flash")
    await phone.see("还剩 5")
    await is_fit(phone, "flash")
    await press(phone, "去抢")
    await phone.see("每人限购 1 罐")
    await phone.see("距结束")
    await is_fit(phone, "flash-product")
    await press(phone, "选规格购买")
    await press(phone, "立即购买")
    await pay(phone)
    await costs(phone, "¥99")
    await press(phone, "继续逛")
    await phone.see("你已买 1 罐")
    await phone.see("还剩 4 罐")
    await press(phone, "选规格购买")
    await press(phone, "立即购买")
    await phone.see("超过了每人限购")
    await phone.keep("flash-limit")


async def test_who_joins_the_members_pays_their_price(house: House, screen: OpenScreen) -> None:
    await house.promote(MemberPrice(level=1), item(house, 15_900))
    phone = await screen(shopper=await house.shopper("+8613900000083"))
    await look(phone, house)
    await costs(phone, "¥199")
    await is_fit(phone, "member-hint")
    await press(phone, "会员价")
    await phone.see("购物得积分")
    await is_fit(phone, "member-guest")
    await phone.tap(phone.button("免费入会"))
    await phone.see("可用积分")
    await is_fit(phone, "member")
    await look(phone, house)
    await costs(phone, "¥159")
    await press(phone, "选规格购买")
    await press(phone, "立即购买")
    await pay(phone)
    await costs(phone, "¥159")


async def open_group(phone: Screen, house: House) -> str:
    """Open a group and pay; return the address that friends are sent."""
    await look(phone, house)
    await press(phone, "发起拼团")
    await press(phone, "立即购买")
    await pay(phone)
    await press(phone, "查看拼团")
    await phone.page.wait_for_url("**/groups/*")
    await phone.see("人成团")
    return phone.page.url


async def join_group(phone: Screen, address: str) -> None:
    """Come by a friend's link, and pay for a seat in that group."""
    await phone.page.goto(address)
    await phone.see("阿**")
    await press(phone, "参团")
    await press(phone, "立即购买")
    await pay(phone)
    await press(phone, "查看拼团")


async def test_two_friends_complete_a_group_and_both_see_it(
    house: House, screen: OpenScreen
) -> None:
    await house.promote(GroupBuy(size=2, hours=24), item(house, 14_900))
    one = await screen(shopper=await house.shopper("+8613900000084"))
    other = await screen(shopper=await house.shopper("+8613900000085"))
    await look(one, house)
    await phone_rules(one)
    address = await open_group(one, house)
    await is_fit(one, "group-open")
    await one.tap(one.button("邀请好友"))
    await expect(one.page.get_by_role("img", name="让好友扫码打开")).to_be_visible()
    await one.keep("group-invite")
    await one.page.keyboard.press("Escape")
    await look(other, house)
    await other.see("还差 1 人")
    await other.keep("group-product")
    await join_group(other, address)
    await other.see("拼团成功")
    await one.see("拼团成功")
    await is_fit(one, "group-success")
    await one.tap(one.page.get_by_role("link", name="看我的订单"))
    await one.see("待发货")


async def phone_rules(phone: Screen) -> None:
    """Read how groups work."""
    await phone.tap(phone.button("拼团规则"))
    await phone.see("团里每一位都是真实的已付款订单")
    await phone.keep("group-rules")
    await phone.page.keyboard.press("Escape")


async def test_a_group_that_does_not_fill_in_time_fails_for_all_and_pays_them_back(
    house: House, screen: OpenScreen
) -> None:
    """#6: an expired group is no success, and nobody who is refunded looks like a member."""
    await house.promote(GroupBuy(size=3, hours=24), item(house, 14_900))
    one = await screen(shopper=await house.shopper("+8613900000086"))
    other = await screen(shopper=await house.shopper("+8613900000087"))
    address = await open_group(one, house)
    await join_group(other, address)
    await other.see("还差 1 人成团")
    group_id = UUID(address.rpartition("/")[2])
    await at_once(house, "update buying_group set ends_at = now() where id = :id", id=group_id)
    for phone in (one, other):
        await phone.see("拼团失败")
        await phone.see("你的款项已按原路退回")
        assert await phone.page.get_by_text("已付款", exact=True).count() == 0
    await is_fit(one, "group-failed")
    await one.tap(one.page.get_by_role("link", name="看我的订单"))
    await expect(one.page.get_by_role("heading", name="已取消")).to_be_visible()


async def test_a_pre_sale_takes_a_deposit_and_in_its_window_the_balance(
    house: House, screen: OpenScreen
) -> None:
    now = datetime.now(UTC)
    rule = Presale(balance_from=now + 2 * DAY, balance_until=now + 4 * DAY, ships_by=now + 9 * DAY)
    await house.promote(rule, item(house, 18_900, deposit=2_000, worth=4_000))
    phone = await screen(shopper=await house.shopper("+8613900000088"))
    await look(phone, house)
    await phone.see("尾款逾期未付，订单关闭，定金不退")
    await is_fit(phone, "presale-product")
    await press(phone, "付定金预订")
    await phone.keep("presale-sheet")
    await press(phone, "付定金")
    await phone.see("应付定金")
    await pay(phone)
    await phone.see("定金已收到")
    await phone.tap(phone.page.get_by_role("link", name="查看订单"))
    await expect(phone.page.get_by_role("heading", name="待付尾款")).to_be_visible()
    await phone.see("距开始支付")
    await expect(phone.page.get_by_role("button", name="付尾款")).to_have_count(0)
    await is_fit(phone, "presale-order")
    await at_once(
        house,
        """update "order" set balance_from = now() where merchant_id = :merchant""",
        merchant=house.merchant_id,
    )
    await phone.page.reload()
    await press(phone, "付尾款")
    await phone.see("应付尾款")
    await pay(phone)
    await costs(phone, "¥149")
    await phone.tap(phone.button("完成"))
    await expect(phone.page.get_by_role("heading", name="待发货")).to_be_visible()
    await phone.keep("presale-paid")


async def test_friends_cut_a_price_and_its_owner_buys_at_what_is_left(
    house: House, screen: OpenScreen
) -> None:
    await house.promote(Bargaining(helpers=2, hours=24), item(house, 19_900, floor=9_900))
    owner = await screen(shopper=await house.shopper("+8613900000089"))
    friend = await screen()
    await look(owner, house)
    await owner.see("找 2 位好友帮砍")
    await is_fit(owner, "bargain-product")
    await owner.tap(owner.button("去砍价"))
    await owner.see("还没有人帮砍")
    await is_fit(owner, "bargain-open")
    await friend.page.goto(owner.page.url)
    await friend.see("邀请你帮忙砍一刀")
    await friend.page.context.add_cookies(
        [
            {
                "name": "xinbo_shopper",
                "value": await house.shopper("+8613900000080", address=False),
                "url": house.site.url,
            }
        ]
    )
    await friend.page.reload()
    await friend.tap(friend.button("帮砍一刀"))
    await friend.see("你砍下了")
    await expect(friend.button("帮砍一刀")).to_have_count(0)
    await is_fit(friend, "bargain-helped")
    await owner.see("1/2 位好友")
    await expect(owner.page.get_by_role("button", name="按现价买")).not_to_contain_text("199.00")
    price = await owner.page.get_by_role("button", name="按现价买").inner_text()
    await press(owner, "按现价买")
    await press(owner, "立即购买")
    await pay(owner)
    await costs(owner, price.split("¥")[1])
    await owner.tap(owner.button("完成"))
    await owner.see("已按砍后的价格下单")
    await owner.tap(owner.page.get_by_text("怎么知道没有动手脚"))
    await owner.tap(owner.button("核对"))
    await owner.see("核对一致")
    await is_fit(owner, "bargain-bought")
