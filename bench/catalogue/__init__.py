"""A shop of 100,000 SKUs: how long a search, a category page and a product page take over HTTP.

40,000 products of one merchant, written by the importer's road, in a real PostgreSQL; the real
application in a process of its own; one shopper who asks one question after the other. Each
question is asked in many forms, none twice in a row, and every answer is looked at. Beside it,
in the same process and the same minute, one row is fetched by its primary key.
"""

import asyncio
import sys
import tempfile
import time
import urllib.parse
from asyncio.subprocess import create_subprocess_exec
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from bench.catalogue._goods import Shop, fill
from bench.report import report
from xinbo.engines.embedded import Postgres, free_port

ROUNDS = 300
WARM = 30
AIM = 50.0
LOAD_AIM = 10.0
DEEP = 100
"""Pages turned before the deep ones are measured."""

SEARCHES = {
    "Chinese, four characters": ["保湿面霜", "舒缓精华", "便携茶杯", "加厚毛巾", "儿童牙刷"],
    "Chinese, two characters": ["面霜", "茶杯", "保湿", "加厚", "精华"],
    "Chinese, one character": ["霜", "茶", "巾"],
    "traditional characters": ["補水面霜", "兒童牙刷", "護手霜"],
    "pinyin": ["baoshi", "mianshuang", "chabei", "ertong yashua", "jinghua"],
    "initials": ["bsms", "ms", "cb", "etys", "jh"],
    "pinyin and initials mixed": ["baosms", "mianshu", "ertys", "保湿ms"],
    "brand": ["青禾", "qinghe", "qh"],
    "SKU code": ["B-001234-2", "B-039999-1", "b-020001-1"],
    "nothing to find": ["量子纠缠", "zzzzqq", "霜霜霜杯"],
}
SORTS = ("newest", "price_up", "price_down")


def main() -> None:
    """Print a line for the load, then two for each kind of question."""
    with tempfile.TemporaryDirectory(prefix="xinbo-bench-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        with Postgres(place / "postgres") as postgres:
            asyncio.run(measure(postgres.url))


async def measure(address: str) -> None:
    """Load the shop, then ask."""
    url = address.replace("postgresql://", "postgresql+asyncpg://", 1)
    shop = await fill(url)
    report(
        "catalogue",
        "write 10,000 of 40,000 products (25,000 SKUs)",
        shop.seconds,
        "s",
        against="COPY of as many bare rows",
        against_figure=shop.bare_seconds,
        aim=LOAD_AIM,
    )
    async with server(url) as port:
        client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers={"x-merchant": "bench"}, timeout=30
        )
        async with client:
            await ask(client, shop)


async def ask(client: httpx.AsyncClient, shop: Shop) -> None:
    """Ask every kind of question."""
    floor = await timed(client, [f"/bench/row/{each}" for each in shop.product_ids[:50]])
    for case, words in SEARCHES.items():
        forms = [path(q=word) for word in words]
        if case != "nothing to find":
            for form in forms:
                assert (await get(client, form))["items"], form
        await told(client, f"search, {case}", forms, floor)
    some = [str(each) for each in shop.category_ids]
    await told(client, "category page", [path(category=each) for each in some], floor)
    for sort in SORTS:
        forms = [path(category=each, sort=sort) for each in some]
        await told(client, f"category page, {sort}", forms, floor)
    filtered = [path(category=some[0], brand=each, attribute="skin:干性") for each in shop.brands]
    await told(client, "category page, brand and attribute", filtered, floor)
    for name, query in (
        ("everything", {}),
        ("search 保湿", {"q": "保湿"}),
        ("category", {"category": some[0]}),
        ("by price", {"sort": "price_up"}),
    ):
        await told(client, f"page {DEEP} and on, {name}", await deep(client, query), floor)
    forms = [f"/api/v1/products/suggest?q={quoted(each)}" for each in ("m", "mian", "面", "bs")]
    await told(client, "suggestions", forms, floor)
    pages = [f"/api/v1/products/{each}" for each in shop.product_ids[:200]]
    await told(client, "product page", pages, floor)


async def deep(client: httpx.AsyncClient, query: dict[str, str]) -> list[str]:
    """Turn the pages, and return the addresses of twenty deep ones."""
    found: list[str] = []
    cursor: str | None = None
    for number in range(DEEP + 20):
        more = {"cursor": cursor} if cursor else {}
        here = path(**query, **more)
        if number >= DEEP:
            found.append(here)
        cursor = (await get(client, here))["next"]
        if cursor is None:
            break
    assert found, query
    return found


async def told(
    client: httpx.AsyncClient, case: str, forms: Sequence[str], floor: Sequence[float]
) -> None:
    """Print two lines for one kind of question."""
    times = await timed(client, forms)
    peer = "one row by its primary key, same process"
    for name, share, aim in (("p50", 0.5, None), ("p99", 0.99, AIM)):
        report(
            "catalogue",
            f"{case}, {name}",
            at(times, share),
            "ms",
            against=f"{peer}, {name}",
            against_figure=at(floor, share),
            aim=aim,
        )


async def timed(client: httpx.AsyncClient, forms: Sequence[str]) -> list[float]:
    """Ask in all forms by turns; return milliseconds, sorted."""
    times: list[float] = []
    for number in range(WARM + ROUNDS):
        began = time.perf_counter()
        await get(client, forms[number % len(forms)])
        if number >= WARM:
            times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def at(times: Sequence[float], share: float) -> float:
    """Return the time within which this share of the answers came."""
    return times[min(len(times) - 1, int(len(times) * share))]


async def get(client: httpx.AsyncClient, address: str) -> Any:
    """Ask, and insist on an answer."""
    response = await client.get(address)
    assert response.status_code == 200, (address, response.text)
    return msgspec.json.decode(response.content)


def path(**query: str) -> str:
    """Write the address of a list of products."""
    return f"/api/v1/products?{urllib.parse.urlencode(query)}"


def quoted(text: str) -> str:
    """Write a text into an address."""
    return urllib.parse.quote(text)


@asynccontextmanager
async def server(url: str) -> AsyncGenerator[int]:
    """Run the application in a child until left."""
    port = free_port()
    child = await create_subprocess_exec(
        sys.executable, "-m", "bench.catalogue._server", str(port), url
    )
    try:
        async with httpx.AsyncClient() as client:
            for _ in range(600):
                try:
                    await client.get(f"http://127.0.0.1:{port}/api/v1/merchant")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        yield port
    finally:
        child.terminate()
        await child.wait()
