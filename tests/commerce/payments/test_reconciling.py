"""A provider's day is compared with ours: every difference is found and can be traced."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.commerce.payments.desk import AMOUNT, Bench, Desk
from xinbo.commerce import payments
from xinbo.commerce.payments import Finding, ReportNotFound, StatementRefused
from xinbo.commerce.payments._reactions import reconcile_due
from xinbo.commerce.payments._rules.life import BEIJING
from xinbo.commerce.payments._service import providers
from xinbo.engines.tx import Actor, Role, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


def today() -> datetime:
    return datetime.now(UTC)


async def statement(desk: Desk) -> list[list[str]]:
    """Fetch what the sandbox tells of today."""
    async with desk.begin(today() + timedelta(minutes=1)) as tx:
        day = tx.now.astimezone(BEIJING).date()
        content = await providers.find("sandbox").statement(tx, day)
    assert content is not None
    return list(csv.reader(io.StringIO(content.decode())))


async def compared(desk: Desk, rows: list[list[str]]) -> Counter[tuple[Finding, str]]:
    """Upload a file, and read the report."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    async with desk.begin() as tx:
        day = tx.now.astimezone(BEIJING).date()
        content = out.getvalue().encode()
        made = await payments.reconcile_file(tx, "sandbox", day, "today.csv", content)
        first = await payments.report_lines(tx, made.id, None, None, 3)
        rest = await payments.report_lines(tx, made.id, None, first.next, 100)
        lines = [*first.items, *(rest.items if first.next else [])]
        assert made.lines == len(rows) - 1 - made.elsewhere
        assert made.mismatches == sum(line.finding is not Finding.MATCHED for line in lines)
        exported = (await payments.report_csv(tx, made.id)).decode("utf-8-sig")
        assert len(exported.splitlines()) == len(lines) + 1
    return Counter((line.finding, line.our_id) for line in lines)


async def test_a_day_without_fault_matches_line_by_line(bench: Bench) -> None:
    async with bench.desk("sandbox") as desk:
        paid = [await desk.paid() for _ in range(3)]
        await desk.refund(paid[0], 100, "a")
        await desk.work_off()

        found = await compared(desk, await statement(desk))

        (refund,) = await desk.refunds(paid[0])
        ids = [*(payment.id.hex for payment in paid), refund.id.hex]
        assert found == Counter((Finding.MATCHED, each) for each in ids)


async def test_every_difference_of_a_day_is_found(bench: Bench) -> None:
    async with bench.desk("sandbox") as desk:
        gone, less, twice, fine, odd = [await desk.paid() for _ in range(5)]
        await desk.refund(fine, 100, "a")
        await desk.work_off()
        (refund,) = await desk.refunds(fine)
        unheard = await desk.open()
        await desk.pay(unheard)
        stray = new_id().hex
        header, *rows = await statement(desk)
        by_id = {row[1]: row for row in rows}
        by_id[less.id.hex][4] = str(AMOUNT - 1)
        by_id[odd.id.hex][5] = "999"
        by_id[refund.id.hex][4] = "99"
        del by_id[gone.id.hex]
        told = [header, *by_id.values(), by_id[twice.id.hex]]
        told.append(["payment", stray, stray, "sbx-x", "5", "0", "CNY", "done", ""])

        found = await compared(desk, told)

        assert found == Counter(
            [
                (Finding.MISSING_THERE, gone.id.hex),
                (Finding.AMOUNT, less.id.hex),
                (Finding.MATCHED, twice.id.hex),
                (Finding.DUPLICATE, twice.id.hex),
                (Finding.MATCHED, fine.id.hex),
                (Finding.AMOUNT, refund.id.hex),
                (Finding.FEE, odd.id.hex),
                (Finding.STATUS, unheard.id.hex),
                (Finding.MISSING_HERE, stray),
            ]
        )


async def test_lines_of_another_merchant_with_the_same_account_are_left_out(
    bench: Bench, other_merchant_id: UUID
) -> None:
    async with bench.desk("sandbox") as desk:
        mine = await desk.paid()
        rows = await statement(desk)
        other = Desk(desk.database, other_merchant_id, desk.jobs, desk.far)

        found = await compared(other, rows)

        assert found == Counter()
        assert (Finding.MATCHED, mine.id.hex) in await compared(desk, rows)


async def test_the_night_compares_each_merchants_yesterday_once(bench: Bench) -> None:
    async with bench.desk("sandbox") as desk:
        await desk.paid()
        tomorrow = (today().astimezone(BEIJING) + timedelta(days=1)).replace(hour=1)
        await reconcile_due(desk.database, tomorrow.replace(hour=0, minute=10))
        async with desk.begin() as tx:
            assert (await payments.reports(tx, None, 9)).items == []

        for _ in range(2):
            await reconcile_due(desk.database, tomorrow)

        async with desk.begin() as tx:
            (report,) = (await payments.reports(tx, None, 9)).items
        assert (report.lines, report.mismatches, report.by) == (1, 0, None)
        assert (report.paid, report.our_paid, report.fees) == (AMOUNT, AMOUNT, 75)


async def test_a_payment_at_midnight_is_told_of_on_one_day_of_the_two(bench: Bench) -> None:
    async with bench.desk("sandbox") as desk:
        await desk.paid()
        rows = await statement(desk)
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        async with desk.begin() as tx:
            before = tx.now.astimezone(BEIJING).date() - timedelta(days=1)
            content = out.getvalue().encode()
            await payments.reconcile_file(tx, "sandbox", before, "before.csv", content)

        assert await compared(desk, rows[:1]) == Counter()


async def test_a_provider_that_gives_no_file_has_it_brought(bench: Bench) -> None:
    async with bench.desk("alipay") as desk, desk.begin() as tx:
        with pytest.raises(StatementRefused) as refusal:
            await payments.reconcile_day(tx, "alipay", None)
        assert refusal.value.facts == {"reason": "bring_it"}


async def test_only_who_may_see_money_reads_reports(bench: Bench, other_merchant_id: UUID) -> None:
    async with bench.desk("sandbox") as desk:
        await desk.paid()
        async with desk.begin() as tx:
            made = await payments.reconcile_day(tx, "sandbox", None)
        for role in (Role.HOST, Role.SERVICE, Role.SHOPPER):
            async with desk.database.begin(Actor(desk.merchant_id, role, new_id())) as tx:
                for ask in (
                    payments.report(tx, made.id),
                    payments.reports(tx, None, 9),
                    payments.report_csv(tx, made.id),
                    payments.reconcile_day(tx, "sandbox", None),
                    payments.refund_page(tx, None, None, 9),
                ):
                    with pytest.raises(NotPermitted):
                        await ask
        async with desk.database.begin(system(other_merchant_id)) as tx:
            with pytest.raises(ReportNotFound):
                await payments.report_lines(tx, made.id, None, None, 9)
