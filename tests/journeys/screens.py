"""The screens that people look at: a phone, a desk, and what is seen on them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, expect

from tests.journeys.house import House
from xinbo.identity import accounts

PATIENCE = 40_000
"""Milliseconds until a thing that should come counts as missing; machines may be busy."""
PICTURES = Path("test-results")

PHONE = (390, 844)
DESK = (1440, 900)


class Screen:
    """A page with what it complained about, and a count of taps."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", self._fail)

    def _hear(self, message: ConsoleMessage) -> None:
        # A refusal is an answer, but Chromium calls every 4xx an error: words cover those.
        refused = (
            message.text.startswith("Failed to load resource") and "status of 4" in message.text
        )
        if message.type in {"error", "warning"} and not refused:
            self.complaints.append(f"{message.type}: {message.text}")

    def _fail(self, error: Error) -> None:
        self.complaints.append(f"thrown: {error.message}")

    async def tap(self, what: Locator) -> None:
        """Touch it, and count."""
        self.taps += 1
        await what.tap()

    async def see(self, text: str) -> Locator:
        """Wait until the words can be read."""
        found = self.page.get_by_text(text).first
        await expect(found).to_be_visible()
        return found

    def button(self, name: str) -> Locator:
        """Find the button with exactly this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    async def say(self, text: str) -> None:
        """Say something in the room, and wait until it comes back from there."""
        line = self.page.get_by_label("说点什么…")
        await line.fill(text)
        await line.press("Enter")
        await expect(self.page.get_by_role("log").get_by_text(text)).to_be_visible()

    def forgive(self, about: str) -> None:
        """Let complaints pass that the journey itself is the cause of."""
        self.complaints = [text for text in self.complaints if about not in text]

    async def keep(self, name: str) -> None:
        """Save what it looks like, for people to judge."""
        await self.page.screenshot(path=PICTURES / f"{name}.png")


async def eventually(what: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    """Ask again until it is so."""
    until = time.monotonic() + patience / 1000
    while not await what():
        assert time.monotonic() < until, what
        await asyncio.sleep(0.1)


async def open_screen(  # noqa: PLR0913 - each has a meaning of its own
    browser: Browser,
    house: House,
    *,
    size: tuple[int, int] = PHONE,
    language: str = "zh-CN",
    shopper: str | None = None,
    staff: str | None = None,
) -> Screen:
    """Take a new phone (or sit down at a new desk), maybe signed in."""
    phone = size[0] < 700
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=language,
        has_touch=phone,
        is_mobile=phone,
        device_scale_factor=2 if phone else 1,
        permissions=["camera", "microphone"],
    )
    context.set_default_timeout(PATIENCE)
    for name, token in ((accounts.SHOPPER_COOKIE, shopper), (accounts.STAFF_COOKIE, staff)):
        if token:
            await context.add_cookies([{"name": name, "value": token, "url": house.site.url}])
    return Screen(await context.new_page())


async def enter(screen: Screen, house: House, show_id: UUID) -> None:
    """Open the room of a show and wait until it hears what goes on."""
    await screen.page.goto(f"{house.shop}/live/{show_id}")
    await expect(screen.page.get_by_text("在看")).to_be_visible()


GRAB = """video => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 48, height: 48 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, 48, 48);
  return { at: video.currentTime, width: video.videoWidth,
           dots: [...context.getImageData(0, 0, 48, 48).data].filter((_, i) => i % 4 === 0) };
}"""


async def sees_moving_pictures(screen: Screen, name: str | None = None) -> None:
    """Wait until the video (of that name) shows one picture, and later a different one."""
    video = screen.page.locator(f"video[aria-label={name}]" if name else "video")
    await expect(video).to_be_visible()
    first = await video.evaluate(GRAB)

    async def moved() -> bool:
        now = await video.evaluate(GRAB)
        if first["width"] == 0 or first["at"] == 0:
            first.update(now)
            return False
        changed = sum(abs(a - b) > 12 for a, b in zip(first["dots"], now["dots"], strict=True))
        return now["at"] - first["at"] > 1 and changed > 10

    await eventually(moved)


expect.set_options(timeout=PATIENCE)
