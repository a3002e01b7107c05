"""Any process may be killed at any moment: no order is lost, none doubled, nobody must help."""

import asyncio
import json
import random
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.system.running import Up, until
from tests.system.shop import API, PRICE, House, Person, Stubborn
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

SHOPPERS = 40
PIECES = 5_000
VICTIMS = ("web.1", "worker", "edge", "nats", "postgres", "web.2")


class Bought(msgspec.Struct, frozen=True):
    """What a shopper was told."""

    key: str
    order_id: str
    payment_id: str
    quantity: int


class Buyer:
    """A shopper who buys again and again while the house falls down and stands up."""

    def __init__(self, house: House, who: Person, show_id: UUID, met: Counter[str]) -> None:
        self.bought: list[Bought] = []
        self._house = house
        self._who = who
        self._show_id = show_id
        self._met = met
        self._random = random.Random(who.id.int)  # noqa: S311 # the same shopper each time

    async def shop(self, closing: asyncio.Event) -> None:
        """Buy, pay, wait until it is paid; go on until closing time."""
        async with self._house.client(self._who.token) as client:
            phone = Stubborn(client, self._met)
            while not closing.is_set():
                await asyncio.sleep(self._random.uniform(0, 2))
                self.bought.append(await self._buy(phone))

    async def _buy(self, phone: Stubborn) -> Bought:
        key, quantity = str(new_id()), self._random.randint(1, 3)
        wish = self._house.wish(self._who, self._show_id, quantity)
        placed = await phone.ask("POST", "/orders", key=key, json=wish)
        assert placed.status_code == 201, placed.text
        order = placed.json()["id"]
        opened = await phone.ask(
            "POST", f"/orders/{order}/payments", key=f"pay-{key}", json={"provider": "sandbox"}
        )
        assert opened.status_code == 201, opened.text
        payment = opened.json()["id"]
        chosen = await phone.ask(
            "POST", f"/payments/{payment}/sandbox", json={"outcome": "succeed"}
        )
        # The answer to the first tap may have been lost, and the money be in already.
        assert chosen.status_code == 200 or chosen.json()["type"] == "PaymentSettled", chosen.text
        while True:
            now = (await phone.ask("GET", f"/orders/{order}")).json()
            if now["status"] == "awaiting_shipment":
                assert now["total"] == quantity * PRICE
                return Bought(key, order, payment, quantity)
            assert now["status"] == "awaiting_payment", now
            await asyncio.sleep(self._random.uniform(0.3, 0.7))


class Viewer:
    """A phone in the room: comes back with a new ticket whenever the room is gone."""

    def __init__(self, house: House, show_id: UUID) -> None:
        self.heard: list[dict[str, Any]] = []
        self._house = house
        self._show_id = show_id

    async def watch(self) -> None:
        """Be in the room until cancelled."""
        async with self._house.client() as client:
            while True:
                try:
                    ticket = await client.post(f"{API}/shows/{self._show_id}/ticket")
                    ticket.raise_for_status()
                    address = f"{ticket.json()['edgeUrl']}?ticket={ticket.json()['ticket']}"
                    async with connect(address) as socket:
                        async for frame in socket:
                            self.heard += json.loads(frame)["m"]
                except (httpx.HTTPError, OSError, WebSocketException):
                    await asyncio.sleep(0.2)

    def entries(self) -> int:
        """Count how often the room said hello."""
        return sum(message["t"] == "hello" for message in self.heard)

    def sees(self, product_id: UUID) -> bool:
        """Say whether the product was put on this phone."""
        return any(
            message["t"] == "stage" and message["pinnedProductId"] == str(product_id)
            for message in self.heard
        )


async def test_purchases_survive_the_death_of_every_process(up: Up, house: House) -> None:
    show_id = await house.show(PIECES)
    met = Counter[str]()
    buyers = [Buyer(house, who, show_id, met) for who in await house.people(SHOPPERS)]
    viewer = Viewer(house, show_id)
    closing = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(viewer.watch())
        await until(viewer.entries)
        shopping = [group.create_task(buyer.shop(closing)) for buyer in buyers]
        for victim in VICTIMS:
            sold, entries = sum(len(buyer.bought) for buyer in buyers), viewer.entries()
            await up.kill(victim)
            if victim == "edge":
                await until(lambda entries=entries: viewer.entries() > entries, up.said)
            # Business as usual before the next one dies.
            await until(
                lambda sold=sold: sum(len(buyer.bought) for buyer in buyers) > sold + SHOPPERS // 2,
                lambda: (met, up.said()),
            )
        closing.set()
        await asyncio.wait(shopping)
        await _pin(house, show_id)
        await until(lambda: viewer.sees(house.product_id), up.said)
        watching.cancel()

    bought = [each for buyer in buyers for each in buyer.bought]
    assert len(bought) > SHOPPERS
    assert {child.state for child in up.state.children} <= {"ready", "done"}
    await _orders_are_exact(house, bought)
    await _facts_are_exact(house, bought)
    await _stock_is_exact(house, show_id, sum(each.quantity for each in bought))
    await _numbers_agree(house, show_id, bought)


async def _pin(house: House, show_id: UUID) -> None:
    async with house.client(house.owner, staff=True) as client:
        answer = await Stubborn(client, Counter()).ask(
            "POST",
            f"/console/shows/{show_id}/stage/pin",
            json={"productId": str(house.product_id)},
        )
        assert answer.status_code == 200, answer.text


async def _orders_are_exact(house: House, bought: list[Bought]) -> None:
    """Every order that somebody was told of is there once, paid once, and there is no other."""
    kept = await house.rows(
        """select o.idempotency_key, o.id::text, o.payment_id::text, l.quantity
           from "order" o join order_line l on l.order_id = o.id
           where o.merchant_id = :m and o.status = 'awaiting_shipment'"""
    )
    told = [(each.key, each.order_id, each.payment_id, each.quantity) for each in bought]
    assert sorted(kept) == sorted(told)
    assert await house.rows('select count(*) from "order" where merchant_id = :m') == [
        (len(bought),)
    ]
    paid = await house.rows(
        """select order_id::text, count(*), min(status) from payment
           where merchant_id = :m group by 1"""
    )
    assert sorted(paid) == sorted((each.order_id, 1, "succeeded") for each in bought)


async def _facts_are_exact(house: House, bought: list[Bought]) -> None:
    orders = {each.order_id for each in bought}
    for name in ("orders.placed", "orders.paid"):
        facts = await house.rows(
            f"""select payload->>'orderId' from event_log
                where merchant_id = :m and type = '{name}'"""  # noqa: S608 # our own words
        )
        assert len(facts) == len(orders), name
        assert {order for (order,) in facts} == orders, name


async def _stock_is_exact(house: House, show_id: UUID, sold: int) -> None:
    (stock,) = await house.rows(
        f"select on_hand, reserved from stock where merchant_id = :m and pool_id = '{show_id}'"  # noqa: S608 # our own id
    )
    held = await house.rows("select sum(quantity) from reservation where merchant_id = :m")
    assert stock == (PIECES, sold)
    assert held == [(sold,)]


async def _numbers_agree(house: House, show_id: UUID, bought: list[Bought]) -> None:
    """Analytics, killed as well, count every order and every fen once."""
    wanted = {
        "orders": len(bought),
        "paidOrders": len(bought),
        "gmvPaid": PRICE * sum(each.quantity for each in bought),
    }
    told: dict[str, Any] = {}
    async with house.client(house.owner, staff=True) as client:
        for _ in range(200):
            answer = await client.get(f"{API}/console/shows/{show_id}/numbers")
            told = answer.json()
            if all(told.get(name) == value for name, value in wanted.items()):
                break
            await asyncio.sleep(0.3)
    assert {name: told.get(name) for name in wanted} == wanted
    assert told["peak"] == 1
    assert told["viewers"] == 1


async def test_a_killed_supervisor_leaves_nothing_and_the_next_start_finds_everything(
    up: Up, house: House
) -> None:
    show_id = await house.show(10)
    (who,) = await house.people(1)
    wish = house.wish(who, show_id)
    async with house.client(who.token) as client:
        placed = await client.post(
            f"{API}/orders", json=wish, headers={"Idempotency-Key": "once-for-all"}
        )
        assert placed.status_code == 201, placed.text

    assert await up.lose() == []
    await up.start()

    async with house.client(who.token) as client:
        again = await client.post(
            f"{API}/orders", json=wish, headers={"Idempotency-Key": "once-for-all"}
        )
        stage = (await client.get(f"{API}/shows/{show_id}/stage")).json()
    assert (again.status_code, again.json()) == (201, placed.json())
    assert stage["items"][0]["skus"][0]["left"] == 9
    await _orders_counted(house, show_id)


async def _orders_counted(house: House, show_id: UUID) -> None:
    told: dict[str, Any] = {}
    async with house.client(house.owner, staff=True) as client:
        for _ in range(200):
            told = (await client.get(f"{API}/console/shows/{show_id}/numbers")).json()
            if told.get("orders") == 1:
                return
            await asyncio.sleep(0.3)
    raise AssertionError(told)
