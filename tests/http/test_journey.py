"""From the door to a paid order, by the API alone, as a phone does it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient
from litestar import Litestar
from sqlalchemy import select

from tests.http.conftest import application
from tests.http.support import PRICE, World, browser
from xinbo.commerce.orders import REACTIONS
from xinbo.commerce.payments import PaymentSucceeded, Sandbox
from xinbo.engines.bus import Bus
from xinbo.engines.db import EventRow
from xinbo.engines.events import Fact, handle
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database, system
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

API = "/api/v1"
ADDRESS = {
    "name": "韩梅梅",
    "phone": "13800138000",
    "region": ["浙江省", "杭州市", "西湖区"],
    "street": "文三路 1 号",
    "isDefault": True,
}


@pytest.fixture(scope="module")
def development(house: Database, wire: Bus, settings: Settings, app: Litestar) -> Litestar:
    """The web process of a developer, which shows sign-in codes."""
    return application(house, msgspec.structs.replace(settings, dev=True), wire)


@pytest.fixture
async def phone(development: Litestar, ours: World) -> AsyncIterator[AsyncClient]:
    """A phone on which nobody is signed in yet."""
    async with browser(development, ours.slug) as client:
        yield client


async def sign_in(phone: AsyncClient) -> dict[str, Any]:
    """Sign a new shopper in by the code that the development page shows."""
    number = f"138{new_id().int % 10**8:08}"
    sent = await phone.post(f"{API}/session/codes", json={"phone": number})
    assert sent.status_code == 202, sent.text
    codes = (await phone.get(f"{API}/dev/codes")).json()
    code = next(each["code"] for each in codes if each["phone"].endswith(number))
    answer = await phone.post(f"{API}/session", json={"phone": number, "code": code})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def call_back(client: AsyncClient, settings: Settings, payment: dict[str, Any]) -> int:
    """Say as the provider, under its signature, that the money is in."""
    news = {
        "paymentId": payment["id"],
        "ref": f"sbx-{payment['id']}",
        "succeeded": True,
        "amount": payment["amount"],
        "currency": payment["currency"],
    }
    body = msgspec.json.encode(news)
    headers = Sandbox(settings).signed(body, datetime.now(UTC))
    answer = await client.post(f"{API}/hooks/payments/sandbox", content=body, headers=headers)
    return answer.status_code


async def react(database: Database, world: World) -> None:
    """Let the orders room hear of the merchant's payments, as the worker would."""
    reaction = next(each for each in REACTIONS if each.event is PaymentSucceeded)
    async with database.begin(system(world.merchant_id)) as tx:
        rows = await tx.db.scalars(
            select(EventRow).where(
                EventRow.merchant_id == world.merchant_id,
                EventRow.type == reaction.event.name,
            )
        )
        facts = [msgspec.convert(row, Fact, from_attributes=True) for row in rows]
    for fact in facts:
        assert await handle(database, reaction, msgspec.json.encode(fact))


async def test_a_phone_goes_from_the_door_to_a_paid_order(
    phone: AsyncClient,
    development: Litestar,
    ours: World,
    house: Database,
    settings: Settings,
) -> None:
    me = await sign_in(phone)
    address = (await phone.post(f"{API}/me/addresses", json=ADDRESS)).json()
    assert (await phone.get(f"{API}/me")).json()["defaultAddress"]["id"] == address["id"]

    show = ours.shown["show_id"]
    ticket = await phone.post(f"{API}/shows/{show}/ticket")
    assert (ticket.json()["viewerId"], ticket.json()["canChat"]) == (me["id"], True)
    stage = (await phone.get(f"{API}/shows/{show}/stage")).json()
    sku = stage["items"][0]["skus"][0]
    assert (sku["id"], sku["price"]) == (ours.shown["sku_id"], PRICE)

    wish: dict[str, Any] = {
        "lines": [{"skuId": sku["id"], "quantity": 2, "expectedPrice": sku["price"]}],
        "addressId": address["id"],
        "showId": show,
        "note": "",
    }
    keys = [{"Idempotency-Key": str(new_id())} for _ in range(2)]
    first, again = [await phone.post(f"{API}/orders", json=wish, headers=keys[0]) for _ in range(2)]
    assert (first.status_code, again.json()) == (201, first.json())
    order = first.json()
    assert (order["total"], order["status"]) == (2 * PRICE, "awaiting_payment")
    assert order["recipient"]["phone"] == "+8613800138000"
    refused = await phone.post(f"{API}/orders", json=wish)
    assert (refused.status_code, refused.json()["type"]) == (400, "IdempotencyKeyRequired")

    opened = await phone.post(
        f"{API}/orders/{order['id']}/payments", json={"provider": "sandbox"}, headers=keys[1]
    )
    payment = opened.json()
    assert (opened.status_code, payment["status"], payment["amount"]) == (201, "pending", 16_000)
    chosen = await phone.post(f"{API}/payments/{payment['id']}/sandbox", json={"outcome": "twice"})
    assert chosen.status_code == 200, chosen.text
    assert [await call_back(phone, settings, payment) for _ in range(2)] == [200, 200]
    assert (await phone.get(f"{API}/payments/{payment['id']}")).json()["status"] == "succeeded"
    await react(house, ours)
    paid = (await phone.get(f"{API}/orders/{order['id']}")).json()
    assert paid["status"] == "awaiting_shipment"
    assert paid["paidAt"] is not None

    left = (await phone.get(f"{API}/stock", params={"sku": sku["id"], "pool": show})).json()
    assert left[0]["left"] == sku["left"] - 2
    async with browser(development, ours.slug, ours.owner) as console:
        seen = (await console.get(f"{API}/console/orders/{order['id']}")).json()
    assert seen == paid


async def test_shoppers_who_order_the_last_pieces_at_once_get_them_or_a_clear_no(
    development: Litestar, ours: World
) -> None:
    async with browser(development, ours.slug, (await ours.signed_in())[1]) as client:
        address = (await client.post(f"{API}/me/addresses", json=ADDRESS)).json()
        show, sku = ours.shown["show_id"], ours.shown["sku_id"]
        left = (await client.get(f"{API}/stock", params={"sku": sku, "pool": show})).json()
        pieces: int = left[0]["left"]
        wish = {
            "lines": [{"skuId": sku, "quantity": 1, "expectedPrice": PRICE}],
            "addressId": address["id"],
            "showId": show,
            "note": "",
        }
        answers = await asyncio.gather(
            *(
                client.post(f"{API}/orders", json=wish, headers={"Idempotency-Key": str(new_id())})
                for _ in range(pieces + 5)
            )
        )
        left = (await client.get(f"{API}/stock", params={"sku": sku, "pool": show})).json()
    assert sorted(answer.status_code for answer in answers) == [201] * pieces + [409] * 5
    assert left[0]["left"] == 0
    refusal = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refusal == {
        "type": "OutOfStock",
        "status": 409,
        "skuId": sku,
        "wanted": 1,
        "left": 0,
    }


async def test_cookies_stay_out_of_reach_of_scripts_and_other_sites(
    phone: AsyncClient, development: Litestar, ours: World
) -> None:
    await phone.post(f"{API}/shows/{ours.shown['show_id']}/ticket")
    await sign_in(phone)
    password = {"email": f"owner@{ours.slug}.example", "password": "correct horse battery"}
    staff = await phone.post(f"{API}/console/session", json=password)
    assert staff.status_code == 201, staff.text
    names = {cookie.name for cookie in phone.cookies.jar}
    assert names == {"xinbo_guest", "xinbo_shopper", "xinbo_staff"}
    for cookie in phone.cookies.jar:
        assert cookie.has_nonstandard_attr("HttpOnly"), cookie
        assert cookie.get_nonstandard_attr("SameSite") == "lax", cookie
        assert not cookie.secure, "the test site is plain HTTP"
    async with browser(development, ours.slug) as safe:
        guest = await safe.post(
            f"https://xinbo.test{API}/shows/{ours.shown['show_id']}/ticket",
            headers={"Origin": "https://xinbo.test"},
        )
        assert "Secure" in guest.headers["set-cookie"]


async def test_signing_out_ends_the_session_on_the_server_too(phone: AsyncClient) -> None:
    await sign_in(phone)
    kept = phone.cookies["xinbo_shopper"]
    assert (await phone.delete(f"{API}/session")).status_code == 204
    assert "xinbo_shopper" not in phone.cookies
    phone.cookies.set("xinbo_shopper", kept, domain="xinbo.test")
    assert (await phone.get(f"{API}/me")).status_code == 401


async def test_codes_are_shown_to_developers_only(
    phone: AsyncClient, app: Litestar, ours: World
) -> None:
    await sign_in(phone)
    assert (await phone.get(f"{API}/dev/codes")).json()
    async with browser(app, ours.slug) as client:
        assert (await client.get(f"{API}/dev/codes")).json() == []
