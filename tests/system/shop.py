"""A merchant with a show on air, and shoppers who do not give up."""

import asyncio
import time
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import msgspec
from sqlalchemy import text

from tests.support import opened, planned_show, product_on_sale
from tests.system.running import PATIENCE, Up
from xinbo.commerce import catalog, inventory
from xinbo.engines.tx import Actor, Database, Role, system
from xinbo.identity import accounts
from xinbo.identity.accounts import AddStaff, PutAddress
from xinbo.kit.ids import new_id
from xinbo.live import shows

API = "/api/v1"
PRICE = 8_000
ADDRESS = PutAddress(
    name="李雷",
    phone="13800000000",
    region=["浙江省", "杭州市", "西湖区"],
    street="文三路 1 号",
    is_default=True,
)


class Person(msgspec.Struct, frozen=True):
    """A shopper with a session and an address."""

    id: UUID
    address_id: UUID
    token: str


class House(msgspec.Struct):
    """One merchant with one SKU."""

    up: Up
    database: Database
    merchant_id: UUID
    slug: str
    product_id: UUID
    sku_id: UUID
    owner: str
    """The token of the owner's session."""

    async def show(self, stock: int) -> UUID:
        """Put a show on air that has so many pieces of its own."""
        async with self.database.begin(system(self.merchant_id)) as tx:
            await inventory.set_on_hand(tx, self.sku_id, stock)
            product = await catalog.get(tx, self.product_id)
            show_id = await planned_show(tx, [product], price=PRICE, stock=stock)
            await shows.start(tx, show_id)
        return show_id

    async def people(self, count: int) -> list[Person]:
        """Sign shoppers up and in."""
        found: list[Person] = []
        async with self.database.begin(system(self.merchant_id)) as tx:
            for _ in range(count):
                shopper_id = await accounts.join(tx, f"+8613{new_id().int % 10**9:09}")
                token = await accounts.open_session(tx, Role.SHOPPER, shopper_id)
                address = await accounts.add_address(
                    tx.acting(Actor(self.merchant_id, Role.SHOPPER, shopper_id)),
                    shopper_id,
                    ADDRESS,
                )
                found.append(Person(shopper_id, address.id, token))
        return found

    def client(
        self, token: str = "", *, staff: bool = False, port: int | None = None
    ) -> httpx.AsyncClient:
        """Open a browser at the shop, in which the session of that token is open."""
        name = accounts.STAFF_COOKIE if staff else accounts.SHOPPER_COOKIE
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port or self.up.state.ports['web']}",
            headers={"X-Merchant": self.slug, "X-Requested-With": "test"},
            cookies={name: token} if token else {},
            timeout=30,
        )

    def wish(self, who: Person, show_id: UUID, quantity: int = 1) -> dict[str, Any]:
        """Make an order as the page sends it."""
        line = {"skuId": str(self.sku_id), "quantity": quantity, "expectedPrice": PRICE}
        return {
            "lines": [line],
            "addressId": str(who.address_id),
            "showId": str(show_id),
            "note": "",
        }

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Look into the database, past every room; `:m` is the merchant."""
        async with self.database.engine.connect() as connection:
            found = await connection.execute(text(sql), {"m": self.merchant_id})
            return [tuple(row) for row in found]


async def open_house(up: Up, database: Database) -> House:
    """Open a merchant."""
    slug = f"s-{new_id()}"
    merchant_id = await opened(database, slug)
    async with database.begin(system(merchant_id)) as tx:
        product = await product_on_sale(tx, stock=0)
        member = await accounts.add_staff(
            tx,
            AddStaff(
                email=f"owner@{slug}.example", name="苏木", role=Role.OWNER, password="x" * 12
            ),
        )
        owner = await accounts.open_session(tx, Role.OWNER, member.id)
    return House(up, database, merchant_id, slug, product.id, product.skus[0].id, owner)


class Stubborn:
    """Someone who sends the same request until it is answered: a phone in a tunnel."""

    def __init__(self, client: httpx.AsyncClient, met: Counter[str]) -> None:
        self._client = client
        self._met = met

    async def ask(
        self, method: str, path: str, *, key: str = "", json: object = None
    ) -> httpx.Response:
        """Return the first answer that is one: neither a lost connection nor a fault."""
        headers = {"Idempotency-Key": key} if key else {}
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = await self._client.request(method, API + path, json=json, headers=headers)
            except httpx.TransportError as lost:
                met = type(lost).__name__
            else:
                if answer.status_code < 500:
                    return answer
                met = f"{answer.status_code} {answer.json()['type']}"
            self._met[met] += 1
            assert time.monotonic() < end, self._met
            await asyncio.sleep(0.2)
