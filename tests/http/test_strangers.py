"""Whoever does not belong here sees nothing and changes nothing, at any route there is.

The routes are taken from the OpenAPI document: a new one is tried without being listed.
"""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from httpx import AsyncClient
from litestar import Litestar

from tests.http.contract import Operation, operations
from tests.http.support import World, browser, built
from xinbo.engines.tx import Database

pytestmark = pytest.mark.anyio

OPERATIONS = list(operations())
WINDOW = {
    ("get", "/api/v1/products/{product_id}"),
    ("get", "/api/v1/prices/{sku_id}"),
    ("get", "/api/v1/groups/{group_id}"),
    ("get", "/api/v1/shows/{show_id}"),
    ("get", "/api/v1/shows/{show_id}/stage"),
    ("get", "/api/v1/shows/{show_id}/replay"),
    ("get", "/api/v1/shows/{show_id}/chat"),
    ("post", "/api/v1/shows/{show_id}/ticket"),
    ("get", "/api/v1/shows/{show_id}/questions"),
    ("get", "/api/v1/shows/{show_id}/games"),
    ("get", "/api/v1/game-runs/{game_run_id}"),
    ("get", "/api/v1/draws/{game_run_id}"),
    ("put", "/api/v1/cart/lines/{sku_id}"),
    ("get", "/api/v1/bargains/{bargain_id}"),
}
"""What people may do with things on show, and nobody with the others."""

OWN_THINGS = {
    ("delete", "/api/v1/cart/lines/{sku_id}"),
    ("get", "/api/v1/shows/{show_id}/questions/mine"),
    ("get", "/api/v1/shows/{show_id}/chat/mine"),
    ("post", "/api/v1/shows/{show_id}/questions"),
}
"""Ids here only choose among the caller's own things, and a thing not there is fine."""

DOORS = {
    "/api/v1/session/codes",
    "/api/v1/session",
    "/api/v1/shows/{show_id}/questions",
}
"""Where people may leave something with the merchant: a code to be sent, a try of one, a question
to the host of a show on air."""

REFUSED = {401, 403, 404, 409}


@asynccontextmanager
async def strangers(
    app: Litestar, ours: World, theirs: World
) -> AsyncGenerator[dict[str, AsyncClient]]:
    """Open a browser for everyone who has no business with the things of `ours`."""
    other_shopper = await ours.neighbour()
    async with AsyncExitStack() as stack:
        people = {
            "guest": (ours.slug, ()),
            "guest next door": (theirs.slug, ()),
            "other shopper of the shop": (ours.slug, (other_shopper,)),
            "owner and shopper of another merchant": (theirs.slug, await theirs.signed_in()),
            "the same at our address": (ours.slug, await theirs.signed_in()),
        }
        yield {
            who: await stack.enter_async_context(browser(app, slug, *signed_in))
            for who, (slug, signed_in) in people.items()
        }


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
async def test_a_stranger_sees_nothing_and_changes_nothing(
    operation: Operation, app: Litestar, ours: World, theirs: World
) -> None:
    async with strangers(app, ours, theirs) as clients:
        before = await ours.digest()
        for who, client in clients.items():
            for ids in (ours.shown, ours.hidden):
                answer, said = await operation.ask(client, ids)
                told = f"{who}: {answer.status_code} {answer.text[:500]}"
                on_show = operation.key in WINDOW and ids is ours.shown
                if operation.ids and not on_show and operation.key not in OWN_THINGS:
                    assert answer.status_code in REFUSED, told
                assert answer.status_code < 500 or answer.json()["type"] == "BusAway", told
                body = f"{answer.text} {answer.headers}"
                leaked = {each for each in ours.secrets if each in body and each not in said}
                assert not leaked, told
        if operation.path not in DOORS:
            assert await ours.digest() == before


async def test_those_who_belong_here_are_understood_everywhere(
    app: Litestar, house: Database
) -> None:
    """Keep the test above honest: what strangers were refused is not refused for its form."""
    own = await built(house)
    order = ["get", "patch", "post", "put", "delete"]
    async with browser(app, own.slug, own.owner, own.shopper) as client:
        door = f"/api/v1/console/shows/{own.shown['show_id']}/prompter"
        show = f"/api/v1/console/shows/{own.shown['show_id']}"
        guest = await client.post(f"{show}/cast/guests", json={"name": "小李"})
        ids = own.shown | {
            "prompter_token": (await client.post(door)).json()["token"],
            "guest_token": guest.json()["token"],
        }
        for operation in sorted(OPERATIONS, key=lambda each: order.index(each.method)):
            answer, _ = await operation.ask(client, ids)
            told = f"{operation}: {answer.status_code} {answer.text[:500]}"
            if not operation.path.startswith("/api/v1/hooks"):
                assert answer.status_code != 400, told
            if operation.method == "get" and answer.status_code != 503:
                assert answer.status_code in ({200, 404} if "replay" in told else {200}), told


async def test_what_is_on_show_is_seen_by_everybody(app: Litestar, ours: World) -> None:
    async with browser(app, ours.slug) as guest:
        for method, path in sorted(WINDOW):
            answer = await guest.request(method, path.format_map(ours.shown))
            no_recording = path.endswith("/replay")
            if method != "put":
                assert answer.status_code == (404 if no_recording else 200), (path, answer.text)


async def test_a_session_of_another_merchant_counts_as_none(
    app: Litestar, ours: World, theirs: World
) -> None:
    async with browser(app, ours.slug, theirs.shopper, theirs.owner) as client:
        refused = await client.get("/api/v1/me")
        assert (refused.status_code, refused.json()["type"]) == (401, "SignInRequired")
        # The console asks who the staff are, not which shop the browser is in: their own.
        assert (await client.get("/api/v1/console/me")).json()["merchantSlug"] == theirs.slug


async def test_a_shopper_is_nobody_in_the_console_and_staff_are_nobody_in_the_shop(
    app: Litestar, ours: World
) -> None:
    async with browser(app, ours.slug, ours.shopper) as client:
        assert (await client.get("/api/v1/console/me")).status_code == 401
    async with browser(app, ours.slug, ours.owner) as client:
        assert (await client.get("/api/v1/me")).status_code == 401


async def test_goods_cannot_show_another_merchants_picture(
    app: Litestar, ours: World, theirs: World
) -> None:
    sku: dict[str, Any] = {"id": None, "code": "A", "options": [], "price": 1, "barcode": ""}
    product: dict[str, Any] = {
        "handle": None,
        "title": "青瓷杯",
        "subtitle": "",
        "description": "",
        "unit": "只",
        "status": "active",
        "optionNames": [],
        "skus": [sku | {"pictureId": ours.shown["picture_id"]}],
    }
    async with browser(app, theirs.slug, theirs.owner) as client:
        refused = await client.post("/api/v1/console/products", json=product)
    assert (refused.status_code, refused.json()["type"]) == (404, "PictureNotFound")
