"""The timeline tells what happened in a show, to those who run it."""

import pytest

from tests.support import planned_show, product_on_sale
from xinbo.engines.tx import Actor, Role, Tx, system
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.identity.accounts import AddStaff
from xinbo.kit.ids import new_id
from xinbo.kit.paging import CursorRefused
from xinbo.live import shows, stage, timeline
from xinbo.live.shows import ShowNotFound
from xinbo.live.timeline import Moment

pytestmark = pytest.mark.anyio


async def test_what_was_done_stands_there_with_who_did_it_the_last_first(tx: Tx) -> None:
    product = await product_on_sale(tx)
    show_id = await planned_show(tx, [product])
    command = AddStaff(
        email=f"{new_id()}@qinghe.example", name="阿诚", role=Role.OPERATOR, password="password-1"
    )
    member = await accounts.add_staff(tx, command)
    operator = tx.acting(Actor(tx.merchant_id, Role.OPERATOR, member.id))
    await shows.start(operator, show_id)
    await stage.pin(operator, show_id, product.id)

    moments = (await timeline.page_of(operator, show_id, None, 10)).items

    kinds = [each.kind for each in moments]
    assert kinds.index("shows.product_pinned") < kinds.index("shows.started")
    assert (moments[0].by, moments[0].role) == ("阿诚", "operator")
    assert moments[0].facts["productId"] == str(product.id)


async def test_it_is_paged_without_gap_or_repeat(tx: Tx) -> None:
    products = [await product_on_sale(tx) for _ in range(3)]
    show_id = await planned_show(tx, products)
    await shows.start(tx, show_id)
    for product in products:
        await stage.pin(tx, show_id, product.id)
    whole = (await timeline.page_of(tx, show_id, None, 50)).items

    seen: list[Moment] = []
    cursor = None
    while True:
        page = await timeline.page_of(tx, show_id, cursor, 2)
        seen += page.items
        cursor = page.next
        if cursor is None:
            break

    assert seen == whole
    assert [each.kind for each in seen].count("shows.product_pinned") == 3
    with pytest.raises(CursorRefused):
        await timeline.page_of(tx, show_id, "9" * 40, 2)


async def test_strangers_see_none_of_it(tx: Tx) -> None:
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    await shows.start(tx, show_id)
    with pytest.raises(NotPermitted):
        await timeline.page_of(
            tx.acting(Actor(tx.merchant_id, Role.SHOPPER, new_id())), show_id, None, 5
        )
    with pytest.raises(ShowNotFound):
        await timeline.page_of(tx.acting(system(new_id())), show_id, None, 5)
