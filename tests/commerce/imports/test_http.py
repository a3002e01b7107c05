"""Goods over HTTP: files go up, pictures are shown, products come down."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from PIL import Image

from xinbo.app import create_app
from xinbo.commerce import imports
from xinbo.engines.http import Caller
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Actor, Database, Role, system

pytestmark = [
    pytest.mark.anyio,
    # Litestar 2 warns of what Litestar 3 will ask of handlers' annotations.
    pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning"),
]

FILES = Path(__file__).parent / "files"
CONSOLE = "/api/v1/console"


@pytest.fixture
async def client(
    database: Database, owner: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The web process without a socket; who says `as: owner` is the owner, others are guests."""
    monkeypatch.setenv("XINBO_DATA", str(tmp_path))

    async def authenticate(_: Database, caller: Caller) -> Actor:
        return owner if caller.cookies.get("as") == "owner" else guest

    guest = Actor(owner.merchant_id, Role.GUEST)
    app = create_app(database, Settings.load())
    app.state["authenticate"] = authenticate
    async with AsyncClient(
        transport=ASGITransport(app=app),  # pyright: ignore[reportArgumentType] # two spellings of ASGI
        base_url="http://xinbo.test",
        headers={"X-Requested-With": "test"},
    ) as client:
        yield client


async def test_a_file_goes_up_is_checked_and_applied_and_comes_down_again(
    client: AsyncClient, database: Database, owner: Actor
) -> None:
    client.cookies.set("as", "owner")
    content = (FILES / "shopify.csv").read_bytes()
    taken = await client.post(
        f"{CONSOLE}/imports?upsertKey=handle", files={"file": ("goods.csv", content, "text/csv")}
    )
    assert taken.status_code == 202, taken.text
    found = taken.json()
    assert (found["state"], found["headerSet"], found["upsertKey"]) == (
        "checking",
        "shopify",
        "handle",
    )

    early = await client.post(f"{CONSOLE}/imports/{found['id']}/apply")
    assert (early.status_code, early.json()["type"]) == (409, "ImportNotReady")
    async with database.begin(system(owner.merchant_id)) as tx:
        await imports.check(tx, found["id"])
    assert (await client.post(f"{CONSOLE}/imports/{found['id']}/apply")).status_code == 202
    async with database.begin(system(owner.merchant_id)) as tx:
        await imports.write(tx, found["id"])
    done = (await client.get(f"{CONSOLE}/imports/{found['id']}")).json()
    assert (done["state"], done["done"], done["creates"]) == ("applied", 4, 2)
    assert [each["id"] for each in (await client.get(f"{CONSOLE}/imports")).json()["items"]] == [
        done["id"]
    ]

    csv = await client.get(f"{CONSOLE}/exports/products.csv?headers=shopify-old")
    xlsx = await client.get(f"{CONSOLE}/exports/products.xlsx")
    assert csv.headers["content-disposition"] == 'attachment; filename="products.csv"'
    assert csv.text.lstrip("\ufeff").startswith("Handle,Title,Body (HTML),")
    assert xlsx.content.startswith(b"PK")


async def test_a_picture_goes_up_and_is_shown_for_ever(client: AsyncClient) -> None:
    client.cookies.set("as", "owner")
    body: dict[str, Any] = {
        "handle": None,
        "title": "青瓷杯",
        "subtitle": "",
        "description": "",
        "unit": "只",
        "status": "active",
        "optionNames": [],
        "skus": [{"id": None, "code": "A", "options": [], "price": 9900, "barcode": ""}],
    }
    product = (await client.post(f"{CONSOLE}/products", json=body)).json()
    out = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "PNG")

    added = await client.post(
        f"{CONSOLE}/products/{product['id']}/pictures",
        files={"data": ("cup.png", out.getvalue(), "image/png")},
    )
    assert added.status_code == 201, added.text
    found, none = [
        (await client.get(f"{CONSOLE}/products", params={"query": words})).json()["items"]
        for words in ("青瓷", "茶壶")
    ]
    client.cookies.clear()
    shown = await client.get(added.json()["url"])
    seen = (await client.get(f"/api/v1/products/{product['id']}")).json()
    hidden = await client.get(f"{CONSOLE}/products")
    refused = await client.post(f"{CONSOLE}/products", json=body)

    assert shown.headers["content-type"] == "image/webp"
    assert "immutable" in shown.headers["cache-control"]
    assert seen["pictures"] == [added.json()]
    assert ([each["id"] for each in found], none) == ([product["id"]], [])
    assert (hidden.status_code, refused.status_code) == (401, 401)


@pytest.mark.parametrize(
    ("status", "kind", "content"),
    [(422, "FileRefused", b"Colour\nred\n"), (413, "TooLarge", b"SKU\n" + bytes(20_200_000))],
)
async def test_what_is_no_product_file_is_refused_at_the_door(
    status: int, kind: str, content: bytes, client: AsyncClient
) -> None:
    client.cookies.set("as", "owner")
    refused = await client.post(f"{CONSOLE}/imports", files={"file": ("x.csv", content)})
    assert (refused.status_code, refused.json()["type"]) == (status, kind)


async def test_no_file_at_all_is_a_bad_request(client: AsyncClient) -> None:
    client.cookies.set("as", "owner")
    for attempt in (
        client.post(f"{CONSOLE}/imports"),
        client.post(f"{CONSOLE}/imports", data={"file": "text"}),
        client.post(f"{CONSOLE}/imports", content=b"junk"),
        client.post(
            f"{CONSOLE}/imports",
            content=b"junk",
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        ),
        client.post(f"{CONSOLE}/imports", files=[("a", b"SKU\n1"), ("b", b"SKU\n1")]),
    ):
        answer = await attempt
        assert 200 <= answer.status_code < 500, answer.text
