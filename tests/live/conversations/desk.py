"""A show on air, shoppers who ask in it, and agents who answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.commerce.aftersales.counter import Counter
from tests.commerce.orders.shop import Buyer
from tests.support import planned_show, product_on_sale
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Actor, Role
from xinbo.identity import accounts
from xinbo.identity.accounts import AddStaff
from xinbo.kit.ids import NIL, new_id
from xinbo.live import conversations, shows
from xinbo.live.conversations import (
    Conversation,
    ConversationKind,
    DeskLane,
    QueueState,
    SayWords,
    TalkMessage,
)


def words(text: str, **more: Any) -> SayWords:
    """Say something, under an id of its own."""
    return SayWords(id=new_id(), text=text, **more)


class Desk(Counter):
    """A merchant with a show on air and two agents."""

    async def open_shop(self) -> None:
        """Hire two agents, and go on air with one product."""
        self.one, self.two = await self.agent("小禾"), await self.agent("阿青")
        async with self.database.begin(self.owner) as tx:
            product = await product_on_sale(tx)
            self.product_id, self.sku_id = product.id, product.skus[0].id
            self.show_id = await planned_show(tx, [product], price=8_000)
            await shows.start(tx, self.show_id)

    async def agent(self, name: str, role: Role = Role.SERVICE) -> Actor:
        """Hire someone."""
        async with self.database.begin(self.system) as tx:
            seat = await accounts.add_staff(
                tx,
                AddStaff(
                    email=f"{new_id()}@shop.example",
                    name=name,
                    role=role,
                    password="long enough a word",
                ),
            )
        return Actor(self.merchant_id, role, seat.id)

    async def asks(  # noqa: PLR0913 # what is asked about has several sides
        self,
        who: Buyer,
        question: str | None = "什么时候发货?",
        *,
        kind: ConversationKind = ConversationKind.ORDER,
        show_id: UUID | None = NIL,
        product_id: UUID | None = None,
        order_id: UUID | None = None,
        now: datetime | None = None,
        key: UUID | None = None,
    ) -> Conversation:
        """Ask in the show, as a shopper; `show_id=None` asks outside of any."""
        place = self.show_id if show_id == NIL else show_id
        async with self.database.begin(who.actor, now) as tx:
            return await conversations.ask(
                tx, place, kind, product_id, order_id, question, key or new_id()
            )

    async def say(
        self, who: Actor, talk: Conversation, command: SayWords, now: datetime | None = None
    ) -> Conversation:
        """Say something as somebody."""
        async with self.database.begin(who, now) as tx:
            return await conversations.say(tx, talk.id, command)

    async def take(
        self, who: Actor, talk: Conversation, now: datetime | None = None
    ) -> Conversation:
        """Take a conversation as an agent."""
        async with self.database.begin(who, now) as tx:
            return await conversations.take(tx, talk.id)

    async def read(self, who: Actor, talk: Conversation) -> list[TalkMessage]:
        """Read what was said, the first first."""
        async with self.database.begin(who) as tx:
            return (await conversations.messages(tx, talk.id, None, 100)).items[::-1]

    async def seen_as(self, who: Actor, talk: Conversation) -> Conversation:
        """Look at a conversation."""
        async with self.database.begin(who) as tx:
            return await conversations.get(tx, talk.id)

    async def queue(
        self,
        who: Actor,
        lane: DeskLane = DeskLane.OPEN,
        kind: ConversationKind | None = None,
        *,
        limit: int = 50,
    ) -> list[UUID]:
        """List the desk, page by page."""
        found: list[UUID] = []
        cursor: str | None = None
        while True:
            async with self.database.begin(who) as tx:
                page = await conversations.queue(
                    tx, lane, kind, self.show_id, cursor=cursor, limit=limit
                )
            found += [each.id for each in page.items]
            if (cursor := page.next) is None:
                return found

    async def state(self, who: Actor, now: datetime | None = None) -> QueueState:
        """Look at the desk at a glance."""
        async with self.database.begin(who, now) as tx:
            return await conversations.queue_state(tx, self.show_id)

    async def log(self, like: str) -> list[dict[str, Any]]:
        """Read the event log."""
        async with self.database.engine.connect() as connection:
            rows = await connection.scalars(
                select(EventRow.payload)
                .where(EventRow.merchant_id == self.merchant_id, EventRow.type.like(like))
                .order_by(EventRow.seq)
            )
            return list(rows)
