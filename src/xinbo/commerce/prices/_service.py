"""Write down every price that is shown or paid, and look the basis of a reduction up."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from io import StringIO
from uuid import UUID

from sqlalchemy import func, or_, select, text, update

from xinbo.commerce.prices._models import PriceShownRow
from xinbo.commerce.prices._rules import (
    CN_DAYS,
    CONDITIONAL,
    EU_DAYS,
    LONGEST,
    Interval,
    Stretch,
    lowest_before,
    reduced_since,
    stretches,
)
from xinbo.commerce.prices._types import (
    Basis,
    Deal,
    Market,
    PriceHistory,
    PricePoint,
    Shown,
    Was,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import NotFound
from xinbo.kit.ids import NIL, new_id

type Key = tuple[UUID, UUID]
"""Venue and SKU."""

MOST_ROWS = 50_000
"""Lines of an export."""
LONGEST_HISTORY = 365
"""Days."""

SHOW = text("""
    with told as (
      select * from unnest(
        cast(:ids as uuid[]), cast(:venues as uuid[]), cast(:skus as uuid[]),
        cast(:sources as uuid[]), cast(:kinds as text[]), cast(:prices as bigint[]),
        cast(:froms as timestamptz[]), cast(:untils as timestamptz[])
      ) t(id, venue_id, sku_id, source_id, kind, price, from_at, until_at)
    ), open as (
      select p.* from price_shown p
      where p.merchant_id = :merchant and (p.until_at is null or p.until_at > :now)
        and exists (select from told t where t.source_id = p.source_id
                    and t.venue_id = p.venue_id and t.sku_id = p.sku_id)
      order by p.id for update
    ), kept as (
      select distinct on (t.id) t.id as told_id, o.id as row_id from open o
      join told t using (source_id, venue_id, sku_id)
      where t.price = o.price and t.kind = o.kind and t.until_at is not distinct from o.until_at
        and (t.from_at = o.from_at or greatest(t.from_at, o.from_at) <= :now)
      order by t.id, o.from_at
    ), ended as (
      update price_shown p set until_at = greatest(p.from_at, :now)
      from open o where p.id = o.id and p.id not in (select row_id from kept)
    )
    insert into price_shown
      (id, merchant_id, venue_id, sku_id, source_id, kind, price, from_at, until_at)
    select id, :merchant, venue_id, sku_id, source_id, kind, price, from_at, until_at
    from told where id not in (select told_id from kept)
      and (until_at is null or until_at > from_at)
""")

DEAL = text("""
    insert into price_deal (merchant_id, venue_id, sku_id, price, order_id, at)
    select :merchant, d.* from unnest(
      cast(:venues as uuid[]), cast(:skus as uuid[]), cast(:prices as bigint[]),
      cast(:orders as uuid[]), cast(:ats as timestamptz[])
    ) d
    on conflict do nothing
""")

DEALS_BEFORE = text("""
    select w.venue_id, w.sku_id, recent.price as recent, last.price as last
    from unnest(cast(:venues as uuid[]), cast(:skus as uuid[]), cast(:ats as timestamptz[]))
      w(venue_id, sku_id, at)
    left join lateral (
      select min(price) as price from price_deal d
      where d.merchant_id = :merchant and d.sku_id = w.sku_id and d.venue_id = w.venue_id
        and d.at < w.at and d.at >= w.at - cast(:span as interval)
    ) recent on true
    left join lateral (
      select price from price_deal d
      where d.merchant_id = :merchant and d.sku_id = w.sku_id and d.venue_id = w.venue_id
        and d.at < w.at
      order by d.at desc, d.price limit 1
    ) last on true
""")


class PriceNotFound(NotFound):
    """Raised when an SKU has no price that everybody may see now."""


async def show(tx: Tx, prices: Sequence[Shown]) -> None:
    """Write down what is shown from now on, or from a later moment.

    What the same source showed at the same venue for the same SKU ends now. A price shown again
    unchanged goes on, so that saving a product twice is one price. Nothing is written into the
    past: a beginning before now is now.
    """
    if not prices:
        return
    await tx.db.execute(
        SHOW,
        {
            "merchant": tx.merchant_id,
            "now": tx.now,
            "ids": [new_id() for _ in prices],
            "venues": [each.venue_id for each in prices],
            "skus": [each.sku_id for each in prices],
            "sources": [each.source_id for each in prices],
            "kinds": [each.kind for each in prices],
            "prices": [each.price for each in prices],
            "froms": [max(each.from_at or tx.now, tx.now) for each in prices],
            "untils": [each.until_at for each in prices],
        },
    )


async def withdraw(tx: Tx, source_id: UUID, sku_ids: Collection[UUID] | None = None) -> None:
    """End what a source shows, of these SKUs or (None) of all. Harmless to repeat."""
    ends = (
        update(PriceShownRow)
        .where(
            PriceShownRow.merchant_id == tx.merchant_id,
            PriceShownRow.source_id == source_id,
            or_(PriceShownRow.until_at.is_(None), PriceShownRow.until_at > tx.now),
        )
        .values(until_at=func.greatest(PriceShownRow.from_at, tx.now))
        .execution_options(synchronize_session=False)
    )
    if sku_ids is not None:
        ends = ends.where(PriceShownRow.sku_id.in_(sku_ids))
    await tx.db.execute(ends)


async def deal(tx: Tx, deals: Sequence[Deal]) -> None:
    """Write down what was paid. The same deal told twice is one."""
    if not deals:
        return
    await tx.db.execute(
        DEAL,
        {
            "merchant": tx.merchant_id,
            "venues": [each.venue_id for each in deals],
            "skus": [each.sku_id for each in deals],
            "prices": [each.price for each in deals],
            "orders": [each.order_id for each in deals],
            "ats": [each.at for each in deals],
        },
    )


async def basis(tx: Tx, keys: Iterable[Key], market: Market = "CN") -> dict[Key, Was]:
    """Say what the present prices of (venue, SKU) may be compared with; NIL = the whole shop.

    A pair is missing from the answer where nothing may be struck through: the price is not
    reduced, has been for too long, has no basis, or is not below it. Prices that ask something
    of the buyer (for members, for groups) are no price that everybody could have and are left
    out. Sources: `_rules`.
    """
    keys = set(keys)
    began: dict[Key, tuple[datetime, Sequence[Stretch]]] = {}
    for key, told in (await _told(tx, keys, tx.now - LONGEST - EU_DAYS, reduced=True)).items():
        since = reduced_since(told)
        if since is not None and since >= tx.now - LONGEST:
            began[key] = since, told
    found = (
        await _before_cn(tx, {key: since for key, (since, _) in began.items()})
        if market == "CN"
        else _before_eu(began)
    )
    return {key: was for key, was in found.items() if began[key][1][-1].price < was.price}


async def history(
    tx: Tx, sku_id: UUID, venue_id: UUID = NIL, days: int = 30, market: Market = "CN"
) -> PriceHistory:
    """Show how the price of an SKU moved at a venue over up to 365 days, oldest first.

    Raises `PriceNotFound` for an SKU that shows no price now: one unknown, or taken off sale.
    """
    key = venue_id, sku_id
    since = tx.now - timedelta(days=min(max(days, 1), LONGEST_HISTORY))
    told = (await _told(tx, {key}, since)).get(key, [])
    if not told or told[-1].until_at is not None:
        raise PriceNotFound(sku_id=sku_id)
    points = [
        PricePoint(
            from_at=each.from_at,
            until_at=each.until_at,
            price=each.price,
            list_price=each.list_price,
            kind=each.kind,
        )
        for each in told
    ]
    return PriceHistory(
        sku_id=sku_id,
        venue_id=venue_id,
        days=days,
        points=points,
        lowest=min(each.price for each in points),
        was=(await basis(tx, [key], market)).get(key),
    )


async def export_csv(tx: Tx, sku_id: UUID | None, days: int) -> bytes:
    """Write the log of `days` for the staff, newest first: at most 50,000 lines, UTF-8 with BOM."""
    require(tx, Can.SEE_NUMBERS)
    since = tx.now - timedelta(days=days)
    query = (
        select(PriceShownRow)
        .where(
            PriceShownRow.merchant_id == tx.merchant_id,
            or_(PriceShownRow.until_at.is_(None), PriceShownRow.until_at > since),
        )
        .order_by(PriceShownRow.from_at.desc(), PriceShownRow.id.desc())
        .limit(MOST_ROWS)
    )
    if sku_id is not None:
        query = query.where(PriceShownRow.sku_id == sku_id)
    out = StringIO()
    lines = csv.writer(out)
    lines.writerow(["sku_id", "venue_id", "source_id", "kind", "price", "from", "until"])
    for row in await tx.db.scalars(query):
        until = row.until_at.isoformat() if row.until_at else ""
        ids = (row.sku_id, row.venue_id, row.source_id)
        lines.writerow([*ids, row.kind, row.price, row.from_at.isoformat(), until])
    return out.getvalue().encode("utf-8-sig")


async def _told(
    tx: Tx, keys: Collection[Key], since: datetime, *, reduced: bool = False
) -> dict[Key, list[Stretch]]:
    """Lay over one another what applied to each key: the venue's prices and the whole shop's.

    With `reduced`, only of SKUs that somebody sells below the list price now: of a page of goods
    most are not, and theirs need not be read.
    """
    sku_ids = {sku_id for _, sku_id in keys}
    if not sku_ids:
        return {}
    mine = [
        PriceShownRow.merchant_id == tx.merchant_id,
        PriceShownRow.venue_id.in_({NIL, *(venue_id for venue_id, _ in keys)}),
        PriceShownRow.kind.not_in(CONDITIONAL),
        PriceShownRow.from_at <= tx.now,
    ]
    if reduced:
        sku_ids = set(
            await tx.db.scalars(
                select(PriceShownRow.sku_id).where(
                    *mine,
                    PriceShownRow.sku_id.in_(sku_ids),
                    PriceShownRow.source_id != NIL,
                    or_(PriceShownRow.until_at.is_(None), PriceShownRow.until_at > tx.now),
                )
            )
        )
        if not sku_ids:
            return {}
    rows = await tx.db.execute(
        select(
            PriceShownRow.venue_id,
            PriceShownRow.sku_id,
            PriceShownRow.source_id,
            PriceShownRow.kind,
            PriceShownRow.price,
            PriceShownRow.from_at,
            PriceShownRow.until_at,
        ).where(
            *mine,
            PriceShownRow.sku_id.in_(sku_ids),
            or_(PriceShownRow.until_at.is_(None), PriceShownRow.until_at > since),
        )
    )
    log: dict[Key, list[Interval]] = defaultdict(list)
    for venue_id, sku_id, source_id, kind, price, from_at, until_at in rows:
        each = Interval(from_at, until_at, price, source_id == NIL, kind)
        log[venue_id, sku_id].append(each)
    return {
        key: stretches([*log[key], *(log[NIL, key[1]] if key[0] != NIL else [])], since, tx.now)
        for key in keys
        if key[1] in sku_ids
    }


async def _before_cn(tx: Tx, began: dict[Key, datetime]) -> dict[Key, Was]:
    if not began:
        return {}
    keys = list(began)
    rows = await tx.db.execute(
        DEALS_BEFORE,
        {
            "merchant": tx.merchant_id,
            "venues": [venue_id for venue_id, _ in keys],
            "skus": [sku_id for _, sku_id in keys],
            "ats": [began[key] for key in keys],
            "span": CN_DAYS,
        },
    )
    found: dict[Key, Was] = {}
    for venue_id, sku_id, recent, last in rows:
        key = venue_id, sku_id
        if recent is not None:
            found[key] = Was(price=recent, rule=Basis.LOWEST_DEAL_7_DAYS, since=began[key])
        elif last is not None:
            found[key] = Was(price=last, rule=Basis.LAST_DEAL, since=began[key])
    return found


def _before_eu(began: dict[Key, tuple[datetime, Sequence[Stretch]]]) -> dict[Key, Was]:
    found: dict[Key, Was] = {}
    for key, (since, told) in began.items():
        lowest = lowest_before(told, since, EU_DAYS)
        if lowest is not None:
            found[key] = Was(price=lowest, rule=Basis.LOWEST_PRICE_30_DAYS, since=since)
    return found
