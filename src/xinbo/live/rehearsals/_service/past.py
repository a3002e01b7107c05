"""What happened in a past show, as a rehearsal's audience plays it again."""

from datetime import datetime
from uuid import UUID

from xinbo.commerce import orders
from xinbo.engines.tx import Tx
from xinbo.live import chat, shows
from xinbo.live.chat import MessageKind, Speaker
from xinbo.live.rehearsals._rules import Deed, Line

A_PAGE, PAGES = 100, 100
"""As much of a show as is read: the last 10,000 messages and the last 10,000 orders."""

DEEDS = {MessageKind.QUESTION: Deed.ASK, MessageKind.CHAT: Deed.TALK}


async def lines_of(tx: Tx, show_id: UUID) -> list[Line]:
    """List what was said and bought in a show on air, each at its part of it between 0 and 1."""
    show = await shows.get(tx, show_id)
    if show.live_at is None or show.ended_at is None:
        return []
    began, lasted = show.live_at, (show.ended_at - show.live_at).total_seconds() or 1.0

    def part(at: datetime) -> float:
        return (at - began).total_seconds() / lasted

    said = [
        Line(part(each.at), each.name, DEEDS.get(each.kind, Deed.ASK), each.text)
        for each in await _said(tx, show_id)
        if each.role is Speaker.SHOPPER
    ]
    bought = [
        Line(part(each.placed_at), str(each.shopper_id), Deed.BUY)
        for each in await _bought(tx, show_id)
    ]
    return [line for line in (*said, *bought) if 0 <= line.at <= 1]


async def _said(tx: Tx, show_id: UUID) -> list[chat.Archived]:
    found: list[chat.Archived] = []
    cursor: str | None = None
    for _ in range(PAGES):
        page = await chat.page_of(tx, show_id, cursor, A_PAGE)
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    return found


async def _bought(tx: Tx, show_id: UUID) -> list[orders.Order]:
    found: list[orders.Order] = []
    cursor: str | None = None
    for _ in range(PAGES):
        page = await orders.page_of(tx, None, show_id, cursor, A_PAGE)
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    return found
