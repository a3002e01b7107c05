"""Shoppers on keep-alive connections, each going from the cart to the open payment and again.

Run as `python -m bench.checkout._shoppers < plan.json`; prints one JSON object.
"""

import asyncio
import sys
import time
from random import Random
from typing import override

import msgspec
import uvloop

from bench.checkout._plan import Goods, Person, Plan, Result

ROUNDS = 3
"""How often everybody checks out at least, however slow the machine."""
MOST_FAULTS = 20


class _Bill(msgspec.Struct):
    total: int


class _Checkout(msgspec.Struct):
    bill: _Bill


class _Made(msgspec.Struct):
    id: str


class _Cart(msgspec.Struct):
    cart: _Made


class _Collection(msgspec.Struct):
    payment_collection: _Made


class _Completed(msgspec.Struct):
    type: str


class Fault(Exception):
    """Raised when an answer is not the one that was hoped for."""


class Shopper:
    """One browser."""

    def __init__(self, plan: Plan, n: int, person: Person) -> None:
        self.plan = plan
        self.person = person
        self.name = f"{plan.run}-{n}"
        self.chance = Random(n)  # noqa: S311 # must be the same again, not secret
        self.turn = 0
        self.took: dict[str, float] = {}
        self.signed = f"Cookie: {person.cookie}"

    async def connect(self) -> None:
        """Open the connection that all requests go over."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.plan.port)

    async def ask(self, step: str, method: str, path: str, body: object, want: int) -> bytes:
        """Send one request and return the body of its answer; again where the server hung up."""
        began = time.perf_counter()
        content = msgspec.json.encode(body)
        request = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Requested-With: bench\r\n"
            f"Content-Type: application/json\r\n{self.signed}\r\n"
            f"Idempotency-Key: {self.name}-{self.turn}-{step}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        ).encode() + content
        try:
            head, answer = await self.sent(request)
        except (asyncio.IncompleteReadError, ConnectionError):
            await self.connect()  # it lay idle for too long
            head, answer = await self.sent(request)
        if int(head[9:12]) != want:
            raise Fault(f"{step}: {int(head[9:12])} {answer[:300]!r}")
        took = (time.perf_counter() - began) * 1000
        self.took[step] = max(took, self.took.get(step, 0.0))
        return answer

    async def sent(self, request: bytes) -> tuple[bytes, bytes]:
        """Send a request; return its answer's head and body."""
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        at = head.index(b"content-length: ") + 16
        return head, await self.reader.readexactly(int(head[at : head.index(b"\r", at)]))

    async def checkout(self) -> None:
        """Put two things in the cart, look at the bill, order, open the payment."""
        self.turn += 1
        self.took = {}
        began = time.perf_counter()
        lines = [(goods, self.chance.randint(1, 3)) for goods in self.choose()]
        for goods, quantity in lines:
            asked = {"quantity": quantity, "showId": None}
            await self.ask("cart", "PUT", f"/api/v1/cart/lines/{goods.sku_id}", asked, 200)
        wanted = [{"skuId": goods.sku_id, "quantity": quantity} for goods, quantity in lines]
        about = {"addressId": self.person.address_id, "showId": None}
        said = await self.ask("preview", "POST", "/api/v1/checkout", about | {"lines": wanted}, 200)
        bill = msgspec.json.decode(said, type=_Checkout).bill
        shown = [
            line | {"expectedPrice": goods.price}
            for line, (goods, _) in zip(wanted, lines, strict=True)
        ]
        order = about | {"lines": shown, "note": "", "expectedTotal": bill.total}
        made = await self.ask("place", "POST", "/api/v1/orders", order, 201)
        order_id = msgspec.json.decode(made, type=_Made).id
        pays = f"/api/v1/orders/{order_id}/payments"
        await self.ask("pay", "POST", pays, {"provider": "sandbox"}, 201)
        self.took["checkout"] = (time.perf_counter() - began) * 1000

    def choose(self) -> list[Goods]:
        """Choose two different things."""
        return self.chance.sample(self.plan.goods, 2)


class MedusaShopper(Shopper):
    """One browser in the peer's shop: the fewest requests that lead to an order there."""

    @override
    async def checkout(self) -> None:
        """Make a cart of two things, choose how it is sent and paid, and complete it."""
        medusa = self.plan.medusa
        assert medusa is not None
        self.signed = f"x-publishable-api-key: {medusa.key}"
        self.turn += 1
        self.took = {}
        began = time.perf_counter()
        cart = {
            "region_id": medusa.region,
            "email": f"{self.name}@bench.example",
            "items": [
                {"variant_id": each, "quantity": self.chance.randint(1, 3)}
                for each in self.chance.sample(medusa.variants, 2)
            ],
            "shipping_address": {
                "first_name": "Lei",
                "last_name": "Li",
                "address_1": "1",
                "city": "Hangzhou",
                "country_code": "cn",
                "postal_code": "310000",
            },
        }
        said = await self.ask("cart", "POST", "/store/carts", cart, 200)
        cart_id = msgspec.json.decode(said, type=_Cart).cart.id
        at = f"/store/carts/{cart_id}"
        option = {"option_id": medusa.option}
        await self.ask("preview", "POST", f"{at}/shipping-methods", option, 200)
        said = await self.ask(
            "pay", "POST", "/store/payment-collections", {"cart_id": cart_id}, 200
        )
        pays = msgspec.json.decode(said, type=_Collection).payment_collection.id
        sessions = f"/store/payment-collections/{pays}/payment-sessions"
        await self.ask("pay", "POST", sessions, {"provider_id": "pp_system_default"}, 200)
        said = await self.ask("place", "POST", f"{at}/complete", {}, 200)
        if msgspec.json.decode(said, type=_Completed).type != "order":
            raise Fault(f"place: {said[:300]!r}")
        self.took["checkout"] = (time.perf_counter() - began) * 1000


async def shop(plan: Plan) -> Result:
    """Let everybody check out once, then again and again until the time is over."""
    kind = Shopper if plan.medusa is None else MedusaShopper
    shoppers = [kind(plan, n, person) for n, person in enumerate(plan.people)]
    for shopper in shoppers:
        await shopper.connect()
    result = Result(done=0, all=0, faults=[], seconds=0.0, waits={})

    async def once(shopper: Shopper) -> bool:
        try:
            await shopper.checkout()
        except Fault as fault:
            result.faults.append(str(fault))
            return False
        result.all += 1
        return True

    await asyncio.gather(*(once(shopper) for shopper in shoppers))  # to warm up
    began = time.perf_counter()

    async def go(shopper: Shopper) -> None:
        while not result.seconds and len(result.faults) < MOST_FAULTS:
            if not await once(shopper) or result.seconds:
                continue
            result.done += 1
            for step, took in shopper.took.items():
                result.waits.setdefault(step, []).append(took)
            passed = time.perf_counter() - began
            if passed >= plan.seconds and result.done >= ROUNDS * len(shoppers):
                result.seconds = passed

    await asyncio.gather(*(go(shopper) for shopper in shoppers))
    for waits in result.waits.values():
        waits.sort()
    return result


if __name__ == "__main__":
    given = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(shop(given))))
