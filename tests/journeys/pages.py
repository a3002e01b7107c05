"""What is asked of every page: no fault that keeps people out, no key in place of words."""

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.async_api import Page

WEB = Path(__file__).parents[2] / "web"
GRAVE = {"serious", "critical"}

TEXTS = """() => [document.title, document.body.innerText,
  ...["aria-label", "placeholder", "title", "alt"].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].map((each) => each.getAttribute(name))),
].join("\\n")"""
# A phone zooms out over what is too wide, and `innerWidth` grows with it; the screen does not.
OVERFLOW = "() => document.documentElement.scrollWidth - Math.min(innerWidth, screen.width)"


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


async def grave_faults(page: Page) -> list[str]:
    """List what axe calls serious or critical: the rule and where it was broken."""
    await page.evaluate(_axe())
    found: dict[str, Any] = await page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


@cache
def _key() -> re.Pattern[str]:
    """Match any key of the message files, such as `room.watching`."""
    tops = {
        top
        for file in (
            *WEB.glob("apps/*/src/messages/en.json"),
            *WEB.glob("packages/*/messages/en.json"),
        )
        for top in json.loads(file.read_text(encoding="utf-8"))
    }
    return re.compile(rf"(?<![\w@./-])(?:{'|'.join(sorted(tops))})(?:\.[A-Za-z_]\w*)+(?![\w@-])")


async def bare_keys(page: Page) -> list[str]:
    """List the keys that stand where words should."""
    return _key().findall(await page.evaluate(TEXTS))


async def overflow(page: Page) -> int:
    """Tell by how many pixels the page is wider than its screen."""
    return await page.evaluate(OVERFLOW)
