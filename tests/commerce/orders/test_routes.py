"""Orders and payments over HTTP: status codes, problem documents, walls."""

import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient

from tests.commerce.orders.shop import PRICE, Buyer, Shop
from xinbo.app import create_app
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database, Role
from xinbo.identity import accounts
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


@pytest.fixture
async def http(database: Database, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """The application in this event loop, without a socket."""
    settings = msgspec.structs.replace(Settings.load(), data=tmp_path, secret="of the tests")
    with warnings.catch_warnings(action="ignore"):
        app = create_app(database, settings)
    transport = ASGITransport(app=app)  # pyright: ignore[reportArgumentType] # two spellings of ASGI
    headers = {"x-requested-with": "tests"}
    async with AsyncClient(transport=transport, base_url="http://shop", headers=headers) as http:
        yield http


async def signed_in(shop: Shop, who: Buyer) -> dict[str, str]:
    async with shop.database.begin(shop.system) as tx:
        token = await accounts.open_session(tx, Role.SHOPPER, who.id)
    return {"cookie": f"{accounts.SHOPPER_COOKIE}={token}"}


async def test_place_pay_and_read_back(shop: Shop, http: AsyncClient) -> None:
    sku_id, who = await shop.stock(1), await shop.buyer()
    me = await signed_in(shop, who)
    body = msgspec.to_builtins(who.basket(sku_id))

    placed = await http.post(
        "/api/v1/orders", json=body, headers=me | {"idempotency-key": "key-00000001"}
    )
    assert placed.status_code == 201, placed.text
    order = placed.json()
    assert order["status"] == "awaiting_payment"
    assert order["total"] == PRICE
    url = f"/api/v1/orders/{order['id']}"
    assert (await http.get(url, headers=me)).json() == order

    sold_out = await http.post(
        "/api/v1/orders", json=body, headers=me | {"idempotency-key": "key-00000002"}
    )
    assert (sold_out.status_code, sold_out.json()) == (
        409,
        {"type": "OutOfStock", "status": 409, "skuId": str(sku_id), "wanted": 1, "left": 0},
    )
    reused = await http.post(
        "/api/v1/orders",
        json=body | {"note": "x"},
        headers=me | {"idempotency-key": "key-00000001"},
    )
    assert (reused.status_code, reused.json()["type"]) == (422, "IdempotencyKeyReused")

    opened = await http.post(
        f"{url}/payments",
        json={"provider": "sandbox"},
        headers=me | {"idempotency-key": "key-00000003"},
    )
    assert opened.status_code == 201, opened.text
    payment = opened.json()
    assert (payment["status"], payment["sandbox"]) == ("pending", True)
    payment_url = f"/api/v1/payments/{payment['id']}"
    assert (await http.get(payment_url, headers=me)).json() == payment
    confirmed = await http.post(f"{payment_url}/sandbox", json={"outcome": "succeed"}, headers=me)
    assert confirmed.status_code == 200, confirmed.text

    cancelled = await http.post(f"{url}/cancel", headers=me)
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    again = await http.post(f"{url}/cancel", headers=me)
    assert (again.status_code, again.json()["type"]) == (409, "IllegalTransition")


@pytest.mark.parametrize(
    ("change", "headers", "status", "name"),
    [
        ({}, {"cookie": ""}, 401, "SignInRequired"),
        ({}, {"idempotency-key": "short"}, 400, "IdempotencyKeyRequired"),
        ({}, {"idempotency-key": ""}, 400, "IdempotencyKeyRequired"),
        ({"note": "a\0b"}, {}, 400, "InvalidRequest"),
        ({"lines": []}, {}, 400, "InvalidRequest"),
        ({"addressId": str(new_id())}, {}, 404, "AddressNotFound"),
    ],
)
async def test_what_cannot_be_placed_is_refused_by_name(  # noqa: PLR0913, PLR0917 # a case
    shop: Shop,
    http: AsyncClient,
    change: dict[str, object],
    headers: dict[str, str],
    status: int,
    name: str,
) -> None:
    sku_id, who = await shop.stock(1), await shop.buyer()
    me = await signed_in(shop, who) | {"idempotency-key": "key-00000001"} | headers
    body = msgspec.to_builtins(who.basket(sku_id)) | change

    refused = await http.post("/api/v1/orders", json=body, headers=me)

    assert (refused.status_code, refused.json()["type"]) == (status, name)
    assert await shop.left(sku_id) == 1


async def test_a_forged_callback_is_refused(shop: Shop, http: AsyncClient) -> None:
    forged = await http.post(
        "/api/v1/hooks/payments/sandbox",
        content=b'{"paymentId":"x"}',
        headers={"x-sandbox-signature": "t=1,n=a,v1=" + "0" * 64},
    )
    assert (forged.status_code, forged.json()) == (
        400,
        {"type": "CallbackRefused", "status": 400, "reason": "signature"},
    )
    nobody = await http.post("/api/v1/hooks/payments/nobody", content=b"{}")
    assert (nobody.status_code, nobody.json()["type"]) == (422, "ProviderUnknown")


async def test_strangers_are_told_nothing(shop: Shop, http: AsyncClient) -> None:
    sku_id, who, stranger = await shop.stock(1), await shop.buyer(), await shop.buyer()
    order = await shop.place(who, who.basket(sku_id))
    them = await signed_in(shop, stranger)
    url = f"/api/v1/orders/{order.id}"

    assert (await http.get(url, headers=them)).status_code == 404
    assert (await http.post(f"{url}/cancel", headers=them)).status_code == 404
    assert (await http.get("/api/v1/orders", headers=them)).json()["items"] == []
    assert (await http.get(f"/api/v1/console/orders/{order.id}", headers=them)).status_code == 401
