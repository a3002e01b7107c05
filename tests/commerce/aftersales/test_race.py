"""Two tabs, two workers, a crash between two steps: nothing happens twice."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from tests.commerce.aftersales.counter import BACK, Counter, ask
from xinbo.commerce import aftersales, orders
from xinbo.commerce.aftersales import (
    ApproveCase,
    Case,
    CaseKind,
    CaseRefused,
    CaseState,
    IllegalStep,
    Reason,
    ReceiveGoods,
)
from xinbo.commerce.aftersales._service import effects, steps

pytestmark = pytest.mark.anyio


async def test_two_tabs_never_ask_for_the_same_piece(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, quantity=3)

    answers = await asyncio.gather(
        *(shop.ask(who, order, ask(pieces=2)) for _ in range(6)), return_exceptions=True
    )

    opened = [each for each in answers if isinstance(each, Case)]
    assert len(opened) == 1
    assert all(isinstance(each, Case | CaseRefused) for each in answers)


async def test_two_clerks_who_approve_pay_once(shop: Counter) -> None:
    """#2, #4: whoever comes second is told that the case has moved."""
    who = await shop.buyer()
    order = await shop.had(who)
    case = await shop.ask(who, order, ask(CaseKind.REFUND_ONLY, Reason.QUALITY))

    answers = await asyncio.gather(
        *(shop.act(shop.service, aftersales.approve, case, ApproveCase()) for _ in range(5)),
        shop.act(who.actor, aftersales.withdraw, case),
        return_exceptions=True,
    )

    assert sum(isinstance(each, Case) for each in answers) == 1
    assert all(isinstance(each, Case | IllegalStep) for each in answers)
    after = await shop.get(order.id)
    assert after.refunded == await shop.sent_back(order.id)
    assert after.refunded in {0, order.total}


async def test_what_went_back_by_another_way_is_not_sent_twice(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, quantity=2, price=5_000)
    case = await shop.ask(who, order, ask(CaseKind.REFUND_ONLY, Reason.QUALITY, pieces=2))
    await shop.refund(order, [(0, 1)])

    case = await shop.act(shop.service, aftersales.approve, case, ApproveCase())

    assert (case.state, case.refunded) == (CaseState.COMPLETED, 5_000)
    assert (await shop.get(order.id)).refunded == 10_000


class Killed(Exception):
    """The process died."""


@pytest.mark.parametrize(
    ("module", "name"),
    [(effects, "carry_out"), (effects, "pay_back"), (orders, "refund"), (steps, "note")],
)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_crash_between_any_two_steps_is_repeated_without_harm(
    shop: Counter, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, after: bool
) -> None:
    who = await shop.buyer()
    order = await shop.had(who)
    case = await shop.ask(who, order, ask())
    await shop.act(shop.service, aftersales.approve, case, ApproveCase())
    await shop.act(who.actor, aftersales.send_back, case, BACK)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, dying(getattr(module, name), after=after))
        if hasattr(steps, name):
            patch.setattr(steps, name, dying(getattr(steps, name), after=after))
        with pytest.raises(Killed):
            await shop.act(
                shop.service, aftersales.receive, case, ReceiveGoods(restock=True), key="r-000001"
            )
    assert (await shop.get(order.id)).refunded == 0

    for _ in range(2):
        case = await shop.act(
            shop.service, aftersales.receive, case, ReceiveGoods(restock=True), key="r-000001"
        )

    assert (case.state, case.refunded) == (CaseState.COMPLETED, 10_000)
    assert (await shop.get(order.id)).refunded == 10_000 == await shop.sent_back(order.id)
    assert await shop.left(order.lines[0].sku_id) == 20
    assert await shop.balanced()


def dying(work: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """Make it die before or after it does its work."""
    if not inspect.iscoroutinefunction(work):

        def sync(*args: object, **named: object) -> None:
            if after:
                work(*args, **named)
            raise Killed

        return sync

    async def run(*args: object, **named: object) -> None:
        if after:
            await work(*args, **named)
        raise Killed

    return run
