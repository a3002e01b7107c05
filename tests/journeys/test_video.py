"""Moving pictures, from an encoder and from a camera, to a phone and into the recording."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import PASSWORD, SERUM, House, Site
from tests.journeys.pages import grave_faults
from tests.journeys.screens import DESK, Screen, enter, eventually, sees_moving_pictures
from xinbo.engines.tx import Role

pytestmark = pytest.mark.anyio

PICTURE = "testsrc2=size=480x854:rate=30"
SOUND = "sine=frequency=440:sample_rate=48000"
ENCODE = "-c:v libx264 -preset ultrafast -profile:v baseline -pix_fmt yuv420p -g 30 -b:v 800k"


@asynccontextmanager
async def encoder(site: Site, key: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Publish as OBS would, until left."""
    command = f"ffmpeg -v error -re -f lavfi -i {PICTURE} -f lavfi -i {SOUND} {ENCODE} -c:a aac"
    address = f"rtmp://127.0.0.1:{site.settings.rtmp_port}/live/{key}"
    process = await asyncio.create_subprocess_exec(*command.split(), "-f", "flv", address)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def signs_in(desk: Screen, house: House, email: str) -> None:
    await desk.page.goto(f"{house.site.url}/console/")
    await desk.page.get_by_label("邮箱").fill(email)
    await desk.page.get_by_label("密码", exact=True).fill(PASSWORD)
    await desk.button("登录").click()
    await expect(desk.page.get_by_role("heading", name="直播", exact=True)).to_be_visible()


async def goes_live(desk: Screen) -> None:
    await desk.button("开播 L").click()
    ask = desk.page.get_by_role("dialog")
    await expect(ask).to_contain_text("观众可以立刻进入直播间")
    await expect(ask).to_contain_text("可以开播，留意这")
    await desk.keep("console-go-live")
    await ask.get_by_role("button", name="开播").click()
    await expect(desk.button("下播 L")).to_be_visible()


async def buys_in_four_taps(phone: Screen) -> None:
    before = phone.taps
    await phone.tap(phone.button("抢购"))
    await phone.tap(phone.button("50 mL"))
    await phone.tap(phone.page.get_by_role("button", name="立即购买"))
    await phone.tap(phone.button("确认支付"))
    await expect(phone.page.get_by_role("heading", name="已支付")).to_be_visible()
    assert phone.taps - before == 4


async def counts(desk: Screen, orders: int, paid: str) -> None:
    figures = desk.page.get_by_label("此刻的数据")
    await expect(figures.get_by_role("button", name="已付订单")).to_contain_text(
        re.compile(rf"已付订单{orders}下单 {orders}")
    )
    await expect(figures.get_by_role("button", name="支付金额")).to_contain_text(paid)


async def test_a_host_goes_live_with_a_camera_and_a_shopper_hears_a_pin_chats_and_buys(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(live=False)
    await house.checked(show_id)
    desk = await screen(size=DESK)
    await signs_in(desk, house, await house.seat(Role.HOST))
    await desk.page.get_by_role("link", name="中控台").click()
    await desk.button("推流设置 S").click()
    await desk.page.get_by_role("tab", name="用本机摄像头开播").click()
    await desk.button("打开摄像头").click()
    await expect(desk.page.get_by_label("摄像头", exact=True)).to_be_visible()
    await sees_moving_pictures(desk, "摄像头预览")
    await desk.button("开始推流").click()
    await desk.see("推流中")
    await desk.keep("console-camera")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_label("观众画面").first).to_contain_text("WHIP")
    await goes_live(desk)

    phone = await screen(shopper=await house.shopper("+8613900000022"))
    await enter(phone, house, show_id)
    await sees_moving_pictures(phone)
    await desk.page.get_by_role("row").filter(has_text=SERUM).get_by_role("button").first.click()
    pinned = phone.page.get_by_role("article", name="正在讲解的商品")
    await expect(pinned.get_by_role("heading")).to_have_text(SERUM, timeout=5000)
    await phone.say("有小样吗")
    await expect(desk.page.get_by_role("log").get_by_text("有小样吗")).to_be_visible()
    await desk.page.get_by_label("以官方身份发言").fill("有的,随单送")
    await desk.page.get_by_label("以官方身份发言").press("Enter")
    await expect(phone.page.get_by_role("log").get_by_text("有的,随单送")).to_be_visible()
    await buys_in_four_taps(phone)
    await sees_moving_pictures(phone)
    await counts(desk, 1, "175.20")
    await sees_moving_pictures(desk, "观众画面")
    await desk.keep("console-live")
    assert await grave_faults(desk.page) + await grave_faults(phone.page) == []


async def test_what_an_encoder_publishes_moves_on_the_phone_and_can_be_watched_again(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(live=False)
    await house.checked(show_id)
    desk = await screen(size=DESK, staff=await house.staff(Role.OWNER))
    await desk.page.goto(f"{house.site.url}/console/shows/{show_id}/live")
    await desk.button("推流设置 S").click()
    await desk.button("显示").click()
    key = await desk.page.locator("code").last.inner_text()
    await desk.page.keyboard.press("Escape")
    phone = await screen(shopper=await house.shopper("+8613900000021"))
    await enter(phone, house, show_id)
    await phone.see("还没开播，可以先聊聊")
    async with encoder(house.site, key):
        await goes_live(desk)
        await sees_moving_pictures(phone)
        await (
            desk.page.get_by_role("row").filter(has_text=SERUM).get_by_role("button").first.click()
        )
        await phone.keep("room-with-video")
        await buys_in_four_taps(phone)
        await phone.keep("paid-over-video")
        await sees_moving_pictures(phone)
        await counts(desk, 1, "175.20")
        await desk.keep("console-rtmp")
        await desk.button("下播 L").click()
        await desk.page.get_by_role("alertdialog").get_by_role("button", name="下播").click()
        await phone.see("直播已结束")
    await phone.keep("over")
    assert await grave_faults(phone.page) == []
    await phone.page.get_by_role("link", name="看回放").tap()
    await sees_moving_pictures(phone)
    await phone.keep("replay")
    assert await grave_faults(phone.page) == []
    seek = phone.page.get_by_label("播放进度")
    await seek.fill("1")
    video = phone.page.locator("video")

    async def sought() -> bool:
        return 0 < await video.evaluate("video => video.currentTime") < 3

    await eventually(sought)
    await sees_moving_pictures(phone)
