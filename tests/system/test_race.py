"""Three web processes sell the same few pieces under the same keys at the same moment."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.system.running import PATIENCE, Up, until, xinbo_process
from tests.system.shop import API, House, Person
from xinbo.engines.embedded import free_port
from xinbo.identity.accounts import SHOPPER_COOKIE

pytestmark = pytest.mark.anyio

STOCK = 200
KEYS = 600
SHOPPERS = 60
AT_ONCE = 50
"""Requests that are under way at each process."""


@pytest.fixture
def ports(up: Up, tmp_path: Path) -> Iterator[list[int]]:
    """Start three web processes that know of each other through the database only."""
    ports = [free_port() for _ in range(3)]
    chosen = {f"XINBO_{name.upper()}_PORT": str(port) for name, port in up.state.ports.items()}
    with (tmp_path / "said").open("wb") as said:
        processes = [
            xinbo_process("web", env=up.env | chosen | {"XINBO_WEB_PORT": str(port)}, said=said)
            for port in ports
        ]
        yield ports
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(PATIENCE)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.TransportError:
        return False


class Told(msgspec.Struct, frozen=True, order=True):
    """What one process answered to one key."""

    key: int
    status: int
    order: str


async def test_the_same_keys_at_three_processes_sell_each_piece_once(
    house: House, ports: list[int]
) -> None:
    for port in ports:
        await until(lambda port=port: _answers(port))
    show_id = await house.show(STOCK)
    people = await house.people(SHOPPERS)
    wishes = [
        (number, people[number % SHOPPERS], house.wish(people[number % SHOPPERS], show_id))
        for number in range(KEYS)
    ]
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(house.client(port=port)) for port in ports]
        answers = await asyncio.gather(*(_flood(client, wishes) for client in clients))
    told = [answer for each in answers for answer in each]
    assert len(told) == 3 * KEYS

    orders = [each for each in set(told) if each.status == 201]
    assert len({each.key for each in orders}) == STOCK
    assert len({each.order for each in orders}) == STOCK
    assert len({(each.key, each.order) for each in orders}) == STOCK
    assert len(set(told)) == KEYS, "the three say the same of each key"
    kept = await house.rows("""select o.id::text from "order" o where merchant_id = :m""")
    assert {order for (order,) in kept} == {each.order for each in orders}
    stock = await house.rows(
        f"select on_hand, reserved from stock where merchant_id = :m and pool_id = '{show_id}'"  # noqa: S608 # our own id
    )
    assert stock == [(STOCK, STOCK)]


async def _flood(
    client: httpx.AsyncClient, wishes: list[tuple[int, Person, dict[str, Any]]]
) -> list[Told]:
    """Send every wish to one process, many at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def order(number: int, who: Person, wish: dict[str, Any]) -> Told:
        async with gate:
            answer = await client.post(
                f"{API}/orders",
                json=wish,
                headers={
                    "Idempotency-Key": f"key-{number:05}",
                    "Cookie": f"{SHOPPER_COOKIE}={who.token}",
                },
            )
        body = answer.json()
        assert answer.status_code in {201, 409}, answer.text
        assert answer.status_code == 201 or body["type"] == "OutOfStock", answer.text
        return Told(number, answer.status_code, body.get("id", ""))

    return await asyncio.gather(*(order(*wish) for wish in wishes))
