"""Invoices are asked for, issued, refused, and taken back when money goes back."""

import asyncio
import io
from collections.abc import Mapping
from uuid import UUID

import openpyxl
import pytest

from tests.commerce.orders.shop import PRICE, Buyer
from tests.commerce.orders.till import Till
from xinbo.commerce import invoices, orders
from xinbo.commerce.invoices import (
    Invoice,
    InvoiceExists,
    InvoiceFileRefused,
    InvoiceKind,
    InvoiceNotFound,
    InvoiceSettled,
    InvoiceState,
    NothingToInvoice,
    RedInvoice,
    RefuseInvoice,
    RequestInvoice,
    TaxIdRefused,
    TitleIncomplete,
    TitleKind,
)
from xinbo.commerce.orders import Order, OrderNotFound, RefundAsk, RefundPart
from xinbo.engines.tx import Actor, Database, Role
from xinbo.identity.access import NotPermitted
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio
PDF = b"%PDF-1.7\n%%EOF"
TAX_ID = "91440300708461136T"


def wanted(**fields: object) -> RequestInvoice:
    """Ask for a person's invoice, unless something else is said."""
    usual: Mapping[str, object] = {
        "kind": InvoiceKind.NORMAL,
        "title_kind": TitleKind.PERSON,
        "title": "李雷",
    }
    return RequestInvoice(**{**usual, **fields})  # type: ignore[arg-type]


SPECIAL = wanted(
    kind=InvoiceKind.SPECIAL,
    title_kind=TitleKind.COMPANY,
    title="青禾科技",
    tax_id=" 91440300-708461136t",
    address="深圳市南山区",
    phone="0755-00000000",
    bank="招商银行深圳分行",
    account="755900000000",
)


class Office(Till):
    """A shop that issues invoices."""

    def __init__(self, database: Database, merchant_id: UUID) -> None:
        super().__init__(database, merchant_id)
        self.clerk = Actor(merchant_id, Role.SERVICE, new_id())

    async def sold(self, quantity: int = 2) -> tuple[Buyer, Order]:
        """Sell something and take the money."""
        sku_id, who = await self.stock(9), await self.buyer()
        order = await self.bought(who, who.basket(sku_id, quantity=quantity))
        return who, order

    async def ask(self, who: Buyer, order: Order, command: RequestInvoice) -> Invoice:
        """Ask as the shopper does."""
        async with self.database.begin(who.actor) as tx:
            return await invoices.request(tx, who.id, order.id, command)

    async def issue(self, invoice: Invoice, number: str = "25332000000001") -> Invoice:
        """Issue as the clerk does."""
        async with self.database.begin(self.clerk) as tx:
            return await invoices.issue(tx, invoice.id, number, PDF)

    async def show(self, invoice: Invoice) -> Invoice:
        """Show it to the staff."""
        async with self.database.begin(self.clerk) as tx:
            return await invoices.get(tx, invoice.id)


@pytest.fixture
def office(database: Database, merchant_id: UUID) -> Office:
    return Office(database, merchant_id)


async def test_an_invoice_is_asked_for_and_issued(office: Office) -> None:
    who, order = await office.sold()

    asked = await office.ask(who, order, wanted())
    issued = await office.issue(asked)

    assert (asked.state, asked.amount, asked.order_number) == (
        InvoiceState.REQUESTED,
        2 * PRICE,
        order.number,
    )
    assert (issued.state, issued.number, issued.has_file) == (
        InvoiceState.ISSUED,
        "25332000000001",
        True,
    )
    async with office.database.begin(who.actor) as tx:
        assert await invoices.file(tx, asked.id) == PDF
        assert await invoices.of_order(tx, order.id) == [issued]
        assert (await invoices.mine(tx, None, 9)).items == [issued]
    with pytest.raises(InvoiceSettled):
        await office.issue(asked)


async def test_a_special_invoice_names_the_whole_company(office: Office) -> None:
    who, order = await office.sold()
    for command, missing in (
        (wanted(title_kind=TitleKind.COMPANY), ["tax_id"]),
        (
            wanted(kind=InvoiceKind.SPECIAL, title_kind=TitleKind.COMPANY, tax_id=TAX_ID),
            ["address", "phone", "bank", "account"],
        ),
    ):
        with pytest.raises(TitleIncomplete) as refusal:
            await office.ask(who, order, command)
        assert refusal.value.facts["missing"] == missing
    with pytest.raises(TaxIdRefused):
        await office.ask(
            who, order, wanted(title_kind=TitleKind.COMPANY, tax_id="91440300708461136X")
        )

    assert (await office.ask(who, order, SPECIAL)).tax_id == TAX_ID


async def test_of_an_order_one_invoice_is_alive(office: Office) -> None:
    who, order = await office.sold()

    answers = await asyncio.gather(
        *(office.ask(who, order, wanted()) for _ in range(6)), return_exceptions=True
    )
    (asked,) = [each for each in answers if isinstance(each, Invoice)]
    assert all(isinstance(each, (Invoice, InvoiceExists)) for each in answers)

    async with office.database.begin(office.clerk) as tx:
        refused = await invoices.refuse(tx, asked.id, RefuseInvoice(reason="抬头有误"))
    assert (refused.state, refused.refuse_reason) == (InvoiceState.REFUSED, "抬头有误")
    again = await office.ask(who, order, wanted())
    async with office.database.begin(who.actor) as tx:
        assert (await invoices.withdraw(tx, again.id)).state is InvoiceState.WITHDRAWN
    await office.ask(who, order, wanted())


async def test_what_is_not_paid_has_no_invoice(office: Office) -> None:
    who = await office.buyer()
    order = await office.place(who, who.basket(await office.stock(1)))
    with pytest.raises(NothingToInvoice):
        await office.ask(who, order, wanted())


async def test_money_that_goes_back_calls_for_a_red_invoice(office: Office) -> None:
    who, order = await office.sold(quantity=2)
    issued = await office.issue(await office.ask(who, order, wanted()))
    ask = RefundAsk(parts=[RefundPart(position=0, quantity=1)], key=f"r-{order.id}", reason="少发")
    async with office.database.begin(office.system) as tx:
        await orders.refund(tx, order.id, ask)

    stale = await office.show(issued)
    async with office.database.begin(office.clerk) as tx:
        red = await invoices.redden(tx, issued.id, RedInvoice(number="RED1", reissue=True))

    assert (stale.needs_red, stale.amount, stale.due) == (True, 2 * PRICE, PRICE)
    assert (red.state, red.red_number, red.needs_red) == (InvoiceState.RED, "RED1", False)
    async with office.database.begin(who.actor) as tx:
        newest = (await invoices.of_order(tx, order.id))[0]
    assert (newest.state, newest.amount, newest.title) == (InvoiceState.REQUESTED, PRICE, "李雷")
    assert (await office.issue(newest)).amount == PRICE


async def test_a_file_is_a_pdf_of_two_megabytes_at_most(office: Office) -> None:
    who, order = await office.sold()
    asked = await office.ask(who, order, wanted())
    async with office.database.begin(office.clerk) as tx:
        for number, content in (
            ("1", b"<html>"),
            ("1", PDF + b"x" * 2_000_000),
            ("号码", PDF),
            ("", PDF),
        ):
            with pytest.raises(InvoiceFileRefused):
                await invoices.issue(tx, asked.id, number, content)


async def test_invoices_are_seen_by_those_they_concern(
    office: Office, other_merchant_id: UUID
) -> None:
    who, order = await office.sold()
    issued = await office.issue(await office.ask(who, order, SPECIAL))
    stranger = await office.buyer()
    for actor in (
        stranger.actor,
        Actor(office.merchant_id, Role.HOST, new_id()),
        Actor(other_merchant_id, Role.OWNER, new_id()),
    ):
        async with office.database.begin(actor) as tx:
            with pytest.raises(InvoiceNotFound):
                await invoices.file(tx, issued.id)
            with pytest.raises(XinboError):
                await invoices.refuse(tx, issued.id, RefuseInvoice(reason="x"))
    async with office.database.begin(stranger.actor) as tx:
        with pytest.raises(OrderNotFound):
            await invoices.request(tx, stranger.id, order.id, wanted())
        assert (await invoices.mine(tx, None, 9)).items == []
        with pytest.raises(NotPermitted):
            await invoices.console_page(tx, None, None, 9)


async def test_the_desk_lists_by_state_and_exports(office: Office) -> None:
    asked: list[Invoice] = []
    for _ in range(3):
        who, order = await office.sold()
        asked.append(await office.ask(who, order, SPECIAL))
    await office.issue(asked[0])

    async with office.database.begin(office.clerk) as tx:
        first = await invoices.console_page(tx, None, None, 2)
        rest = await invoices.console_page(tx, None, first.next, 2)
        open_ones = await invoices.console_page(tx, InvoiceState.REQUESTED, None, 9)
        book = openpyxl.load_workbook(io.BytesIO(await invoices.export(tx, None)))

    assert [each.id for each in [*first.items, *rest.items]] == [each.id for each in asked[::-1]]
    assert [each.id for each in open_ones.items] == [asked[2].id, asked[1].id]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 4
    assert rows[3][:5] == (
        asked[0].order_number,
        "增值税专用发票",
        "单位",
        "青禾科技",
        TAX_ID,
    )
    assert (rows[3][10], rows[3][11]) == (198, "已开票")
