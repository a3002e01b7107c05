"""The books are in balance, in every unit, whoever writes them."""

import asyncio
import csv
import io
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from xinbo.commerce import books
from xinbo.commerce.books import EntryFilter, ExportTooLong, Leg, Unbalanced
from xinbo.commerce.books._rules import check
from xinbo.commerce.books._service import reading
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio


def paid(order_id: UUID, amount: int) -> list[Leg]:
    return [
        Leg(account="clearing:sandbox", amount=amount),
        Leg(account="advances", owner_id=order_id, amount=-amount),
    ]


@given(
    st.lists(
        st.builds(
            Leg,
            account=st.sampled_from("abc"),
            unit=st.sampled_from(["CNY", "points"]),
            amount=st.integers(-50, 50),
        )
    )
)
def test_legs_are_taken_if_and_only_if_each_unit_sums_to_zero(legs: list[Leg]) -> None:
    sums = {unit: sum(leg.amount for leg in legs if leg.unit == unit) for unit in ("CNY", "points")}
    if any(sums.values()):
        with pytest.raises(Unbalanced) as refusal:
            check(legs)
        assert refusal.value.facts["units"] == {unit: n for unit, n in sums.items() if n}
    else:
        assert check(legs) == [leg for leg in legs if leg.amount]


async def test_a_posting_is_made_once_per_key(tx: Tx) -> None:
    order_id = new_id()

    first = await books.post(tx, "payment:1", "payment", order_id, paid(order_id, 900))
    again = await books.post(tx, "payment:1", "payment", order_id, paid(order_id, 700))

    assert (first, again) == (True, False)
    assert await books.balance(tx, "advances", order_id, "CNY") == -900
    assert await books.balance(tx, "clearing:sandbox", NIL, "CNY") == 900
    assert [entry.amount for entry in await books.entries(tx, order_id)] == [900, -900]


async def test_a_posting_in_two_units_balances_in_each(tx: Tx) -> None:
    ref_id, shopper_id = new_id(), new_id()
    points = [
        Leg(account="points_issued", unit="points", amount=50),
        Leg(account="points", owner_id=shopper_id, unit="points", amount=-50),
    ]

    await books.post(tx, "both", "gift", ref_id, [*paid(ref_id, 100), *points])
    with pytest.raises(Unbalanced):
        await books.post(tx, "bad", "gift", ref_id, [points[0], paid(ref_id, 50)[1]])

    assert await books.balance(tx, "points", shopper_id, "points") == -50
    trial = await books.trial_balance(tx)
    assert {line.unit: (line.debit, line.credit) for line in trial.totals} == {
        "CNY": (100, 100),
        "points": (50, 50),
    }


async def test_of_writers_who_race_one_writes(database: Database, merchant_id: UUID) -> None:
    order_id = new_id()

    async def write() -> bool:
        async with database.begin(system(merchant_id)) as tx:
            return await books.post(tx, "race", "payment", order_id, paid(order_id, 5))

    written = await asyncio.gather(*(write() for _ in range(8)))

    assert sum(written) == 1
    async with database.begin(system(merchant_id)) as tx:
        assert await books.balance(tx, "advances", order_id, "CNY") == -5


async def test_the_database_refuses_what_does_not_balance(
    database: Database, merchant_id: UUID
) -> None:
    ref_id = new_id()
    with pytest.raises(DBAPIError, match="not balanced"):  # noqa: PT012 # refused at the commit
        async with database.begin(system(merchant_id)) as tx:
            await books.post(tx, "k", "payment", ref_id, paid(ref_id, 5))
            await tx.db.execute(
                text(
                    "insert into book_entry select gen_random_uuid(), merchant_id, posting_id, at,"
                    " kind, ref_id, account, owner_id, unit, 1 from book_entry"
                    " where ref_id = :ref limit 1"
                ),
                {"ref": ref_id},
            )
    async with database.begin(system(merchant_id)) as tx:
        assert await books.entries(tx, ref_id) == []


@pytest.mark.parametrize(
    "change",
    [
        "update book_entry set amount = 0 where merchant_id = :id",
        "delete from book_entry where merchant_id = :id",
        "update book_posting set kind = 'x' where merchant_id = :id",
    ],
)
async def test_what_is_written_stays(database: Database, merchant_id: UUID, change: str) -> None:
    ref_id = new_id()
    async with database.begin(system(merchant_id)) as tx:
        await books.post(tx, "k", "payment", ref_id, paid(ref_id, 5))
    with pytest.raises(DBAPIError, match="only added to"):
        async with database.begin(system(merchant_id)) as tx:
            await tx.db.execute(text(change), {"id": merchant_id})


async def test_every_figure_opens_the_entries_that_make_it(tx: Tx) -> None:
    orders = [new_id() for _ in range(7)]
    for n, order_id in enumerate(orders):
        await books.post(tx, f"p{n}", "payment", order_id, paid(order_id, 10 + n))

    trial = await books.trial_balance(tx)

    for line in trial.lines:
        which = EntryFilter(account=line.account, unit=line.unit)
        first = await books.page_of(tx, which, None, 4)
        rest = await books.page_of(tx, which, first.next, 4)
        entries = [*first.items, *rest.items]
        assert rest.next is None
        assert (len(entries), sum(entry.amount for entry in entries)) == (
            line.entries,
            line.balance,
        )
    of_one = await books.page_of(tx, EntryFilter(ref_id=orders[3]), None, 9)
    assert {entry.amount for entry in of_one.items} == {13, -13}


async def test_a_window_of_time_leaves_its_end_out(tx: Tx) -> None:
    ref_id = new_id()
    await books.post(tx, "k", "payment", ref_id, paid(ref_id, 5))

    assert (await books.trial_balance(tx, from_at=tx.now)).totals[0].debit == 5
    assert (await books.trial_balance(tx, until_at=tx.now)).lines == []
    assert (await books.page_of(tx, EntryFilter(until_at=tx.now), None, 9)).items == []


async def test_the_journal_is_exported_in_full_or_refused(
    tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref_id = new_id()
    for n in range(3):
        await books.post(tx, f"k{n}", "payment", ref_id, paid(ref_id, 5 + n))

    rows = list(
        csv.DictReader(io.StringIO((await books.export_csv(tx, EntryFilter())).decode("utf-8-sig")))
    )

    assert [int(row["amount"]) for row in rows] == [5, -5, 6, -6, 7, -7]
    monkeypatch.setattr(reading, "LONGEST_EXPORT", 5)
    with pytest.raises(ExportTooLong):
        await books.export_csv(tx, EntryFilter())


async def test_only_who_may_see_money_reads_the_books(
    database: Database, merchant_id: UUID, other_merchant_id: UUID
) -> None:
    ref_id = new_id()
    async with database.begin(system(merchant_id)) as tx:
        await books.post(tx, "k", "payment", ref_id, paid(ref_id, 5))
    for role in (Role.HOST, Role.SERVICE, Role.SHOPPER):
        async with database.begin(Actor(merchant_id, role, new_id())) as tx:
            for ask in (
                books.trial_balance(tx),
                books.page_of(tx, EntryFilter(), None, 9),
                books.export_csv(tx, EntryFilter()),
            ):
                with pytest.raises(NotPermitted):
                    await ask
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id())) as tx:
        assert (await books.trial_balance(tx)).lines == []
        assert (await books.page_of(tx, EntryFilter(), None, 9)).items == []
        assert await books.entries(tx, ref_id) == []
