"""The shop as a thing on the phone: small, installable, never showing what was true once."""

import io
import json
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Request, expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import SERUM, House
from tests.journeys.screens import enter, eventually, open_screen

pytestmark = pytest.mark.anyio

LIMIT = 200 * 1024
"""Bytes of JavaScript, as they travel."""
KEPT = """async () => {
  const names = await caches.keys();
  const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return all.flat().map((request) => new URL(request.url).pathname);
}"""


async def test_the_shop_can_be_installed_with_icons_that_are_what_they_say(
    house: House, screen: OpenScreen
) -> None:
    phone = await screen()
    await phone.page.goto(f"{house.site.url}/")
    link = phone.page.locator("link[rel=manifest]")
    answer = await phone.page.request.get(f"{house.site.url}{await link.get_attribute('href')}")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest: dict[str, Any] = json.loads(await answer.text())
    assert manifest["name"]
    assert manifest["short_name"]
    assert manifest["display"] == "standalone"
    assert (await phone.page.request.get(f"{house.site.url}{manifest['start_url']}")).ok
    purposes = {icon.get("purpose", "any") for icon in manifest["icons"]}
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert purposes >= {"any", "maskable"}
    assert sizes >= {"192x192", "512x512"}
    named = [(icon["src"], icon["sizes"], icon["type"]) for icon in manifest["icons"]]
    for other in await phone.page.locator("link[rel~=icon], link[rel=apple-touch-icon]").all():
        path = str(await other.get_attribute("href"))
        kind = "image/svg+xml" if path.endswith(".svg") else "image/png"
        named.append((path, "any", kind))
    for path, size, kind in named:
        icon = await phone.page.request.get(f"{house.site.url}{path}")
        assert (icon.ok, icon.headers["content-type"]) == (True, kind), path
        if kind == "image/png" and size != "any":
            width, height = Image.open(io.BytesIO(await icon.body())).size
            assert f"{width}x{height}" == size


async def test_the_shell_starts_without_a_network_and_nothing_that_must_be_true_is_kept(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(pinned=SERUM)
    phone = await screen()
    await phone.page.goto(f"{house.shop}/")
    await phone.page.evaluate("async () => (await navigator.serviceWorker.ready).active.state")

    async def in_charge() -> bool:
        return await phone.page.evaluate("() => navigator.serviceWorker.controller !== null")

    await eventually(in_charge)
    await enter(phone, house, show_id)
    kept: list[str] = await phone.page.evaluate(KEPT)
    assert kept
    assert [path for path in kept if path != "/" and not path.startswith("/assets/")] == []
    await phone.page.context.set_offline(offline=True)
    await phone.page.goto(f"{house.shop}/")
    await phone.see("网络断开了，恢复后会自动更新")
    await phone.keep("offline")
    await phone.page.context.set_offline(offline=False)
    await phone.see("初秋舒缓专场")
    phone.forgive("ERR_INTERNET_DISCONNECTED")


async def test_a_live_room_loads_at_most_200_kb_of_script_before_it_can_be_used(
    house: House, browser: Browser
) -> None:
    show_id = await house.show(pinned=SERUM)
    phone = await open_screen(browser, house, shopper=await house.shopper("+8613900000041"))
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    phone.page.on("requestfinished", note)
    await enter(phone, house, show_id)
    await expect(phone.button("抢购")).to_be_enabled()
    await expect(phone.page.get_by_label("说点什么…")).to_be_editable()
    scripts = [request for request in asked if request.resource_type == "script"]
    sizes = {request.url: (await request.sizes())["responseBodySize"] for request in scripts}
    total = sum(size for url, size in sizes.items() if "/hls" not in url)
    print(f"{total / 1024:.1f} KB in {len(sizes)} files")  # noqa: T201
    assert 0 < total <= LIMIT, sizes
