"""What every journey begins with: one running Xinbo, one browser, a merchant of its own."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright

from tests.journeys.house import House, Site, open_house
from tests.journeys.screens import Screen, open_screen
from tests.system.running import Up
from xinbo.engines.process import connected
from xinbo.kit.ids import new_id

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--mute-audio",
]

type OpenScreen = Callable[..., Awaitable[Screen]]


@pytest.fixture(scope="session")
async def up(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Up]:
    """Everything, as a user starts it; an empty shop."""
    data = tmp_path_factory.mktemp("journeys")
    data.chmod(0o755)
    running = Up(data, web=1)
    try:
        await running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
async def site(up: Up) -> AsyncIterator[Site]:
    """The running Xinbo with the door to its database."""
    async with connected(up.settings, "journeys", pool=2) as (database, _):
        yield Site(up.settings, database)


@pytest.fixture(scope="session")
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    """One Chromium for all, with a camera that shows a moving picture."""
    async with async_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        yield await playwright.chromium.launch(executable_path=path, args=FLAGS)


@pytest.fixture
async def house(site: Site) -> House:
    """A merchant of this journey's own."""
    return await open_house(site, f"j{new_id().hex[-12:]}")


@pytest.fixture
async def screen(
    browser: Browser, house: House, request: pytest.FixtureRequest
) -> AsyncIterator[OpenScreen]:
    """Open screens; their last view is kept, and none of them may have complained."""
    screens: list[Screen] = []

    async def opened(**how: Any) -> Screen:
        screens.append(await open_screen(browser, house, **how))
        return screens[-1]

    yield opened
    for number, each in enumerate(screens):
        await each.keep(f"end-of-{request.node.name}-{number}")
        await each.page.context.close()
    assert [text for each in screens for text in each.complaints] == []
