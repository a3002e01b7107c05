"""What SKUs cost here and now, over HTTP."""

import warnings
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient

from tests.commerce.orders.shop import PRICE, Buyer, Shop
from xinbo.app import create_app
from xinbo.commerce import inventory, members, offers, prices
from xinbo.commerce.offers import GroupTerms, Offer, OfferKind, Taking
from xinbo.commerce.prices import Deal
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database, Role
from xinbo.identity import accounts
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio

SOON = timedelta(hours=1)


@pytest.fixture
async def http(database: Database, merchant_id: UUID, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """The application in this event loop, asked about this test's merchant."""
    settings = msgspec.structs.replace(Settings.load(), data=tmp_path, secret="of the tests")
    with warnings.catch_warnings(action="ignore"):
        app = create_app(database, settings)
    transport = ASGITransport(app=app)  # pyright: ignore[reportArgumentType] # two spellings of ASGI
    headers = {"x-requested-with": "tests", "x-merchant": f"m-{merchant_id}"}
    async with AsyncClient(transport=transport, base_url="http://shop", headers=headers) as http:
        yield http


@pytest.fixture
def shop(database: Database, merchant_id: UUID) -> Shop:
    return Shop(database, merchant_id)


async def ask(http: AsyncClient, *sku_ids: UUID, **how: Any) -> dict[str, Any]:
    """Ask what these SKUs cost, maybe signed in, maybe at a venue."""
    headers = {"cookie": how.pop("cookie")} if "cookie" in how else {}
    answer = await http.get(
        "/api/v1/offers", params={"sku": [str(each) for each in sku_ids], **how}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def publish(shop: Shop, offer: Offer) -> UUID:
    source = new_id()
    async with shop.database.begin(shop.system) as tx:
        await offers.publish(tx, source, [offer])
    return source


async def cookie(shop: Shop, who: Buyer) -> str:
    async with shop.database.begin(shop.system) as tx:
        return f"{accounts.SHOPPER_COOKIE}={await accounts.open_session(tx, Role.SHOPPER, who.id)}"


async def test_without_offers_the_list_price_is_told_and_nothing_is_struck_through(
    shop: Shop, http: AsyncClient
) -> None:
    sku_id = await shop.stock(7)

    answer = await ask(http, sku_id, new_id())

    (price,) = answer["prices"]
    assert price == {
        "skuId": str(sku_id),
        "price": PRICE,
        "listPrice": PRICE,
        "currency": "CNY",
        "kind": "retail",
        "offerId": None,
        "endsAt": None,
        "perPerson": None,
        "taken": 0,
        "left": 7,
        "was": None,
        "members": None,
    }
    assert answer["specials"] == []
    assert abs(datetime.fromisoformat(answer["at"]) - datetime.now(UTC)) < SOON


async def test_a_flash_sale_says_how_long_how_many_and_how_many_of_them_are_mine(
    shop: Shop, http: AsyncClient
) -> None:
    sku_id, who = await shop.stock(7), await shop.buyer()
    source, ends_at = new_id(), datetime.now(UTC) + SOON
    async with shop.database.begin(shop.system) as tx:
        await inventory.allocate(tx, sku_id, source, 3)
        flash = Offer(
            sku_id=sku_id,
            price=5000,
            kind=OfferKind.FLASH_SALE,
            pool_id=source,
            ends_at=ends_at,
            per_person=2,
        )
        await offers.publish(tx, source, [flash])
        quote = (await offers.quote(tx, [sku_id], None))[sku_id]
        assert quote.offer_id
        await offers.take(tx, [Taking(quote.offer_id, who.id, sku_id, quantity=1, most=2)])

    (price,) = (await ask(http, sku_id))["prices"]
    assert (price["kind"], price["price"], price["left"]) == ("flash_sale", 5000, 3)
    assert datetime.fromisoformat(price["endsAt"]) == ends_at
    assert (price["perPerson"], price["taken"]) == (2, 0)
    assert price["was"] is None

    (mine,) = (await ask(http, sku_id, cookie=await cookie(shop, who)))["prices"]
    assert (mine["perPerson"], mine["taken"]) == (2, 1)


async def test_a_price_is_struck_through_where_the_log_has_a_basis(
    shop: Shop, http: AsyncClient
) -> None:
    sku_id = await shop.stock(7)
    async with shop.database.begin(shop.system) as tx:
        paid = Deal(
            venue_id=NIL,
            sku_id=sku_id,
            price=9500,
            order_id=new_id(),
            at=tx.now - timedelta(days=1),
        )
        await prices.deal(tx, [paid])
    await publish(shop, Offer(sku_id=sku_id, price=8000, kind=OfferKind.TIMED_DISCOUNT))

    (price,) = (await ask(http, sku_id))["prices"]
    assert (price["was"]["price"], price["was"]["rule"]) == (9500, "lowest_deal_7_days")


async def test_guests_see_what_members_pay_and_members_pay_it(
    shop: Shop, http: AsyncClient
) -> None:
    sku_id, who = await shop.stock(7), await shop.buyer()
    await publish(shop, Offer(sku_id=sku_id, price=8000, kind=OfferKind.MEMBER_PRICE, level=1))
    await publish(shop, Offer(sku_id=sku_id, price=7000, kind=OfferKind.MEMBER_PRICE, level=2))

    (guest,) = (await ask(http, sku_id))["prices"]
    assert (guest["price"], guest["members"]) == (PRICE, {"price": 8000, "level": 1})

    me = await cookie(shop, who)
    async with shop.database.begin(who.actor) as tx:
        await members.join(tx, who.id)
    (member,) = (await ask(http, sku_id, cookie=me))["prices"]
    assert (member["kind"], member["price"]) == ("member_price", 8000)
    assert member["members"] == {"price": 7000, "level": 2}


async def test_what_may_be_chosen_is_listed_apart_with_its_terms(
    shop: Shop, http: AsyncClient
) -> None:
    sku_id = await shop.stock(7)
    terms = GroupTerms(size=3, hours=24)
    await publish(
        shop, Offer(sku_id=sku_id, price=6000, kind=OfferKind.GROUP_BUY, terms=terms, per_person=1)
    )

    answer = await ask(http, sku_id)

    assert answer["prices"][0]["price"] == PRICE
    (special,) = answer["specials"]
    assert (special["kind"], special["price"], special["left"]) == ("group_buy", 6000, 7)
    assert special["terms"] == {"type": "group", "size": 3, "hours": 24}


async def test_a_venues_prices_hold_there_alone(shop: Shop, http: AsyncClient) -> None:
    sku_id, venue = await shop.stock(7), new_id()
    await publish(shop, Offer(sku_id=sku_id, price=6000, venue_id=venue))

    (here,) = (await ask(http, sku_id, venue=str(venue)))["prices"]
    (shop_wide,) = (await ask(http, sku_id))["prices"]

    assert (here["price"], shop_wide["price"]) == (6000, PRICE)


async def test_more_skus_than_a_page_shows_are_refused(http: AsyncClient) -> None:
    answer = await http.get("/api/v1/offers", params={"sku": [str(new_id()) for _ in range(201)]})

    assert answer.status_code == 400
