"""What nobody answered is followed up; rehearsals leave nothing; the stream is heard."""

import asyncio
from io import BytesIO
from uuid import UUID, uuid4

import msgspec
import openpyxl
import pytest

from tests.live.questions.support import as_shopper, as_system, colleague, heard, on_air, said
from tests.support import NOW, planned_show, product_on_sale
from xinbo.engines.bus import Bus
from xinbo.engines.tx import Actor, Database, Tx
from xinbo.identity import accounts
from xinbo.live import conversations, questions, shows
from xinbo.live.chat import MessageRefused
from xinbo.live.questions import (
    ActOnQuestion,
    AnswerByText,
    Ask,
    FileFormat,
    NotAsking,
    PutFollowUp,
    TakeQuestion,
    TooManyToServe,
)
from xinbo.live.questions._reactions import on_ended
from xinbo.live.shows import ShowEnded

pytestmark = pytest.mark.anyio


async def ended(tx: Tx, show_id: UUID) -> None:
    await shows.end(tx, show_id)
    await on_ended(as_system(tx), ShowEnded(show_id=show_id))
    await on_ended(as_system(tx), ShowEnded(show_id=show_id))


async def test_what_is_open_when_the_show_ends_is_followed_up_until_done(tx: Tx) -> None:
    show_id = await on_air(tx)
    one, two, three = (await heard(tx, show_id, "包邮吗", "几点下播", "孕妇能用吗")).open
    await questions.take(tx, one.id, TakeQuestion())
    await ended(tx, show_id)

    left = (await questions.follow_ups(tx, show_id, None, 20, done=None)).items
    assert {each.id for each in left} == {two.id, three.id}
    assert (await questions.get(tx, one.id)).status == "answered"

    agent = await colleague(tx, "客服小周")
    put = PutFollowUp(owner_id=agent.actor.user_id, note="问了品控", done=False)
    assert (await questions.put_follow_up(tx, two.id, put)).owner == "客服小周"
    done = PutFollowUp(owner_id=agent.actor.user_id, note="已私信", done=True)
    assert (await questions.put_follow_up(tx, two.id, done)).done_at == tx.now
    await questions.answer_text(tx, three.id, AnswerByText(text="可以的"))
    assert (await questions.follow_ups(tx, show_id, None, 20, done=False)).items == []
    assert len((await questions.follow_ups(tx, show_id, None, 20, done=True)).items) == 2


async def test_what_is_heard_after_the_end_is_followed_up_as_well(tx: Tx) -> None:
    show_id = await on_air(tx)
    await heard(tx, show_id, "包邮吗")
    await ended(tx, show_id)
    await heard(tx, show_id, "包不包邮")
    (left,) = (await questions.follow_ups(tx, show_id, None, 20, done=False)).items
    assert left.count == 2


async def test_a_show_is_exported_as_a_workbook_and_as_csv(tx: Tx) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, "=包邮吗", "=包邮吗")).open
    await questions.answer_text(tx, question.id, AnswerByText(text="包邮"))
    await ended(tx, show_id)

    book = openpyxl.load_workbook(BytesIO(await questions.export(tx, show_id, FileFormat.XLSX)))
    assert book.active is not None
    head, row = book.active.iter_rows(values_only=True)
    assert head[0] == "问题"
    assert (row[0], row[5], row[8]) == ("'=包邮吗", 2, "包邮")
    text = (await questions.export(tx, show_id, FileFormat.CSV)).decode("utf-8-sig")
    assert text.splitlines()[1].startswith("'=包邮吗")


async def test_a_rehearsal_is_told_apart_and_leaves_nothing_to_follow_up(tx: Tx) -> None:
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    await shows.rehearse(tx, show_id)
    queue = await heard(tx, show_id, "包邮吗")
    assert queue.open[0].rehearsal
    taken = await questions.take(tx, queue.open[0].id, TakeQuestion())
    assert taken.second is None
    await heard(tx, show_id, "几点下播")
    await shows.MOVES["end-rehearsal"](tx, show_id)
    await shows.start(tx, show_id)

    live = await heard(tx, show_id, "孕妇能用吗")
    assert (live.waiting, live.on_air) == (1, None)
    await ended(tx, show_id)
    (left,) = (await questions.follow_ups(tx, show_id, None, 20, done=None)).items
    assert left.text == "孕妇能用吗"
    assert (await questions.answered(as_shopper(tx, uuid4()), show_id, None, 20)).items == []


async def test_a_shopper_asks_without_saying_it_to_everyone_and_once(tx: Tx) -> None:
    show_id, who = await on_air(tx), uuid4()
    shopper, command = as_shopper(tx, who), Ask(id=uuid4(), text="包邮吗")
    await questions.ask(shopper, show_id, who, "小满", command)
    mine = await questions.ask(shopper, show_id, who, "小满", command)
    assert (mine.count, mine.status) == (1, "open")
    (question,) = (await heard(tx, show_id, "包不包邮")).open
    assert question.count == 2
    with pytest.raises(MessageRefused):
        await questions.ask(shopper, show_id, who, "小满", Ask(id=uuid4(), text="看 bad.com 吗"))
    with pytest.raises(NotAsking):  # someone else's message id
        await questions.ask(as_shopper(tx, uuid4()), show_id, uuid4(), "他", command)
    await shows.end(tx, show_id)
    with pytest.raises(NotAsking):
        await questions.ask(shopper, show_id, who, "小满", Ask(id=uuid4(), text="包邮吗"))


async def test_service_gets_a_conversation_with_each_who_asked(tx: Tx) -> None:
    show_id = await on_air(tx)
    who = await accounts.join(as_system(tx), "+8613700001234", "小满")
    await questions.hear(
        as_system(tx), show_id, [said(show_id, "孕妇能用吗", by=who), said(show_id, "孕妇能用吗")]
    )
    (question,) = (await questions.queue(tx, show_id)).open

    handed = await questions.to_service(tx, question.id, ActOnQuestion())

    assert handed.status == "service"
    lane = conversations.DeskLane.WAITING
    waiting = await conversations.queue(tx, lane, None, show_id, cursor=None, limit=20)
    assert [(each.shopper_id, each.show_id) for each in waiting.items] == [(who, show_id)]


async def test_what_many_ask_is_not_handed_to_service(tx: Tx) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, *["包邮吗"] * 21)).open
    with pytest.raises(TooManyToServe):
        await questions.to_service(tx, question.id, ActOnQuestion())


async def test_what_is_said_in_a_room_becomes_a_question(
    database: Database, bus: Bus, owner: Actor
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await on_air(tx)
    listening = asyncio.create_task(questions.listen(database, bus))
    batch = [said(show_id, "包邮吗"), said(show_id, "包不包邮")]
    subject = f"said.{owner.merchant_id}.{show_id}"
    for data in (msgspec.json.encode(batch), b"{", msgspec.json.encode(batch)):
        await bus.streams.publish(subject, data)
    last = [said(show_id, "几点下播")]
    await bus.streams.publish(subject, msgspec.json.encode(last))
    try:
        async with asyncio.timeout(30):
            while True:
                async with database.begin(owner, NOW) as tx:
                    queue = await questions.queue(tx, show_id)
                if queue.waiting == 2:
                    break
                await asyncio.sleep(0.1)
    finally:
        listening.cancel()
    assert [each.count for each in queue.open] == [2, 1]
