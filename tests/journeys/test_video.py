"""Moving pictures, from an encoder and from a camera, to a phone and into the recording."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect
from tests.journeys.conftest import OpenScreen
from tests.journeys.house import SERUM, House, Site
from tests.journeys.screens import enter, eventually, sees_moving_pictures

from xinbo.live import shows

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


async def test_what_an_encoder_publishes_moves_on_the_phone_and_can_be_watched_again(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(pinned=SERUM)
    phone = await screen(shopper=await house.shopper("+8613900000021"))
    await enter(phone, house, show_id)
    await phone.see("暂无画面，聊天和下单照常")
    async with encoder(house.site, await house.stream_key(show_id)):
        await sees_moving_pictures(phone)
        await phone.keep("room-with-video")
        await phone.tap(phone.button("抢购"))
        await phone.tap(phone.button("50 mL"))
        await phone.tap(phone.page.get_by_role("button", name="立即购买"))
        await phone.tap(phone.button("确认支付"))
        await expect(phone.page.get_by_role("heading", name="已支付")).to_be_visible()
        assert phone.taps == 4
        await phone.keep("paid-over-video")
        await sees_moving_pictures(phone)
        async with house.tx() as tx:
            await shows.end(tx, show_id)
        await phone.see("直播已结束")
    await phone.keep("over")
    await phone.page.get_by_role("link", name="看回放").tap()
    await sees_moving_pictures(phone)
    await phone.keep("replay")
    seek = phone.page.get_by_label("播放进度")
    await seek.fill("1")
    video = phone.page.locator("video")

    async def sought() -> bool:
        return 0 < await video.evaluate("video => video.currentTime") < 3

    await eventually(sought)
    await sees_moving_pictures(phone)
