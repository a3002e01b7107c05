"""A guest comes on camera from a link, and the show goes on under another host."""

import io
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from playwright.async_api import expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import House
from tests.journeys.pages import grave_faults
from tests.journeys.screens import DESK, Screen, eventually, sees_moving_pictures
from xinbo.engines.tx import Role
from xinbo.identity import accounts
from xinbo.identity.accounts import AddStaff
from xinbo.live import shows

pytestmark = pytest.mark.anyio

PAINTED = """colour => {
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
    const context = canvas.getContext("2d");
    let at = 0;
    setInterval(() => {
      context.fillStyle = colour;
      context.fillRect(0, 0, 320, 240);
      context.fillStyle = "rgb(128 128 128)";
      context.fillRect(at++ % 300, 230, 20, 10);
    }, 100);
    const sound = new AudioContext();
    const tone = sound.createOscillator();
    const out = sound.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    return new MediaStream([...canvas.captureStream(10).getTracks(), ...out.stream.getTracks()]);
  };
}"""
"""A camera that shows one colour, so that it can be told who is where in the picture."""
RED, BLUE, GREEN = "rgb(210 30 30)", "rgb(30 40 210)", "rgb(20 180 40)"


async def with_camera(screen: Screen, colour: str) -> None:
    await screen.page.add_init_script(f"({PAINTED})({colour!r})")


async def hired(house: House, name: str) -> tuple[UUID, str]:
    """Let a host work here; return who and a session of theirs."""
    email = f"{name}@{house.slug}.example"
    seat = AddStaff(email=email, name=name, role=Role.HOST, password="a-long-password")
    async with house.tx() as tx:
        member = await accounts.add_staff(tx, seat)
        return member.id, await accounts.open_session(tx, Role.HOST, member.id)


async def publishes(desk: Screen, source: str) -> None:
    await desk.page.keyboard.press("s")
    await desk.page.get_by_role("tab", name="用本机摄像头开播").click()
    await desk.button("打开摄像头").click()
    await desk.page.get_by_label("推到哪一路").select_option(source)
    await desk.button("开始推流").click()
    await desk.see("推流中")
    await desk.page.keyboard.press("Escape")


async def seated(desk: Screen, kind: str, name: str) -> None:
    await desk.button("安排岗位").click()
    seats = desk.page.get_by_role("region", name="岗位")
    await seats.get_by_role("combobox", name="岗位").select_option(kind)
    await seats.get_by_role("combobox", name="选一位同事").select_option(name)
    await seats.get_by_role("button", name="安排", exact=True).click()
    await expect(seats.get_by_role("listitem").get_by_text(name)).to_be_visible()


async def colours(screen: Screen, label: str, *points: tuple[float, float]) -> list[str]:
    """Name what a video shows at some points, given in parts of its size."""
    video = screen.page.get_by_label(label).locator("visible=true").last
    picture: Any = Image.open(io.BytesIO(await video.screenshot())).convert("RGB")
    found: list[str] = []
    for x, y in points:
        red, green, blue = picture.getpixel((int(picture.width * x), int(picture.height * y)))
        most = max(red, green, blue)
        found.append({red: "red", green: "green", blue: "blue"}[most] if most > 90 else "dark")
    return found


def shows_at(
    screen: Screen, label: str, wanted: list[str], *points: tuple[float, float]
) -> Callable[[], Awaitable[bool]]:
    async def there() -> bool:
        return await colours(screen, label, *points) == wanted

    return there


async def opens_console(desk: Screen, house: House, show_id: UUID, colour: str) -> None:
    await with_camera(desk, colour)
    await desk.page.goto(f"{house.site.url}/console/shows/{show_id}/live")
    await desk.page.get_by_role("tab", name="主播与画面").click()


async def invited(desk: Screen) -> str:
    """Make a guest's link."""
    await desk.button("邀请").click()
    await desk.page.get_by_label("嘉宾称呼").fill("小李")
    await desk.button("生成链接").click()
    link = await desk.page.locator("[data-guest-link]").inner_text()
    await desk.keep("guest-invited")
    await desk.button("好").click()
    return link


async def asks(guest: Screen, link: str) -> None:
    """Open the link, without an account, and ask to join."""
    await with_camera(guest, BLUE)
    await guest.page.goto(link)
    await guest.button("打开摄像头").click()
    await guest.keep("guest-ready")
    await guest.button("请求上镜").click()
    await guest.see("等待放行")


async def hands_over(desk: Screen) -> None:
    await expect(
        desk.page.get_by_role("region", name="画面来源").get_by_text("已就绪")
    ).to_be_visible()
    await desk.page.keyboard.press("b")
    ask = desk.page.get_by_role("alertdialog")
    await expect(ask).to_contain_text("交给 林夏 主持？")
    await expect(ask).to_contain_text("备用画面")
    await desk.keep("hand-over")
    await ask.get_by_role("button", name="交接").click()


async def position(desk: Screen) -> float:
    video = desk.page.locator("video[aria-label=观众画面]").first
    return float(await video.evaluate("video => video.currentTime"))


async def test_a_guest_joins_from_a_link_and_is_seen_beside_the_host(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show()
    desk = await screen(size=DESK, staff=(await hired(house, "周舟"))[1])
    await opens_console(desk, house, show_id, RED)
    await seated(desk, "主播", "周舟")
    await publishes(desk, "主画面")
    link = await invited(desk)
    guest = await screen()
    await asks(guest, link)
    await desk.button("让进来").click()
    await guest.see("你在直播中")
    await expect(desk.page.get_by_text("在镜")).to_be_visible()
    await eventually(shows_at(desk, "观众画面", ["red", "blue"], (0.25, 0.4), (0.75, 0.4)))
    await eventually(shows_at(guest, "主播的画面", ["red"], (0.3, 0.3)))
    await desk.keep("guest-side-by-side")
    await guest.keep("guest-on-air")
    await desk.button("小窗").click()
    await eventually(shows_at(desk, "观众画面", ["red", "blue"], (0.3, 0.5), (0.86, 0.2)))
    assert await grave_faults(guest.page) + await grave_faults(desk.page) == []
    await desk.page.get_by_role("button", name="移出 小李").click()
    await guest.see("这个链接打不开了")
    await eventually(shows_at(desk, "观众画面", ["red", "red"], (0.3, 0.5), (0.86, 0.2)))


async def test_the_back_up_host_takes_the_show_over_while_the_video_goes_on(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show()
    first, second = await hired(house, "周舟"), await hired(house, "林夏")
    desk = await screen(size=DESK, staff=first[1])
    await opens_console(desk, house, show_id, RED)
    await seated(desk, "主播", "周舟")
    await seated(desk, "备用主播", "林夏")
    await publishes(desk, "主画面")
    await eventually(shows_at(desk, "观众画面", ["red"], (0.3, 0.5)))
    other = await screen(size=DESK, staff=second[1])
    await opens_console(other, house, show_id, GREEN)
    await publishes(other, "备用画面")
    before = await position(desk)
    await hands_over(desk)
    await eventually(shows_at(desk, "观众画面", ["green"], (0.3, 0.5)))
    await desk.see("已换人主持，你的摄像头已停止推流")
    await sees_moving_pictures(desk, "观众画面")
    assert await position(desk) > before, "the video went on"
    async with house.tx() as tx:
        assert (await shows.get(tx, show_id)).host_name == "林夏"
    await desk.keep("handed-over")
