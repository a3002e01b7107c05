"""A shopper asks in private, an agent answers, and nobody else reads it."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from tests.http.support import png
from tests.live.conversations.desk import Desk, words
from tests.support import planned_show, product_on_sale
from xinbo.commerce.orders import OrderNotFound
from xinbo.engines.callers import SignInRequired
from xinbo.engines.tx import Actor, Database, Role, TooManyAttempts
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id
from xinbo.live import conversations, shows
from xinbo.live.conversations import (
    AttachmentNotFound,
    ConversationKind,
    ConversationNotFound,
    ConversationOutcome,
    ConversationOver,
    ConversationState,
    PutPhrase,
    PutPhrases,
    ShopperNotFound,
    TalkCardKind,
    TalkNote,
    TalkSide,
)
from xinbo.live.shows import ShowNotFound

pytestmark = pytest.mark.anyio


async def test_a_question_waits_and_an_answer_ends_the_waiting(desk: Desk) -> None:
    """Both see how far the other has read; #17: the timer counts by the server's time."""
    who = await desk.buyer()
    asked = await desk.asks(who, "这款敏感肌能用吗?", kind=ConversationKind.PRODUCT)
    assert asked.state is ConversationState.WAITING
    assert asked.due_at == asked.opened_at + conversations.FIRST_REPLY

    answered = await desk.say(desk.one, asked, words("可以的,已做过斑贴测试。"))

    assert (answered.state, answered.agent_id, answered.due_at) == (
        ConversationState.TAKEN,
        desk.one.user_id,
        None,
    )
    theirs = await desk.seen_as(who.actor, asked)
    assert (theirs.unread, theirs.agent_id, theirs.agent_name) == (1, None, "")
    assert theirs.seen_at is not None
    said = await desk.read(who.actor, asked)
    assert [(each.speaker, each.text, each.by) for each in said if not each.note] == [
        (TalkSide.SHOPPER, "这款敏感肌能用吗?", ""),
        (TalkSide.AGENT, "可以的,已做过斑贴测试。", ""),
    ]
    async with desk.database.begin(who.actor) as tx:
        assert (await conversations.seen(tx, asked.id)).unread == 0
    assert (await desk.seen_as(desk.one, asked)).seen_at is not None


async def test_the_same_message_sent_twice_is_said_once(desk: Desk) -> None:
    who = await desk.buyer()
    key = new_id()
    first = await desk.asks(who, "在吗?", key=key)
    assert (await desk.asks(who, "在吗?", key=key)).id == first.id
    once = words("您好")
    await desk.say(desk.one, first, once)
    await desk.say(desk.one, first, once)
    said = [each.text for each in await desk.read(who.actor, first) if each.text]
    assert said == ["在吗?", "您好"]


async def test_asking_again_in_a_show_goes_on_in_the_same_conversation(desk: Desk) -> None:
    who = await desk.buyer()
    first = await desk.asks(who, "什么时候发货?")
    again = await desk.asks(
        who, "这个多少毫升?", kind=ConversationKind.PRODUCT, product_id=desk.product_id
    )
    outside = await desk.asks(who, "在吗?", show_id=None)
    assert (again.id, again.kind, again.waiting_since) == (
        first.id,
        ConversationKind.PRODUCT,
        first.waiting_since,
    )
    assert outside.id != first.id
    cards = [each.card.kind for each in await desk.read(desk.one, first) if each.card]
    assert cards == [TalkCardKind.PRODUCT]


async def test_nobody_but_the_shopper_and_those_who_serve_reads_it(
    desk: Desk, other_merchant_id: UUID
) -> None:
    who, other = await desk.buyer(), await desk.buyer()
    talk = await desk.asks(who, "私下问一句")
    strangers = [
        other.actor,
        Actor(desk.merchant_id, Role.HOST, new_id()),
        Actor(desk.merchant_id, Role.ANALYST, new_id()),
        Actor(desk.merchant_id, Role.SUPERVISOR, new_id()),
        Actor(desk.merchant_id, Role.GUEST),
        Actor(other_merchant_id, Role.OWNER, new_id()),
        Actor(other_merchant_id, Role.SHOPPER, who.id),
    ]
    for stranger in strangers:
        with pytest.raises(ConversationNotFound):
            await desk.seen_as(stranger, talk)
        with pytest.raises(ConversationNotFound):
            await desk.read(stranger, talk)
    for stranger in strangers[:4]:
        with pytest.raises(ConversationNotFound):
            await desk.say(stranger, talk, words("我也看看"))
    with pytest.raises(NotPermitted):
        await desk.queue(strangers[1])


async def test_what_the_staff_says_among_itself_stays_there(desk: Desk) -> None:
    who = await desk.buyer()
    talk = await desk.asks(who)
    await desk.say(desk.two, talk, words("老客,优先", internal=True))
    assert "老客,优先" not in {each.text for each in await desk.read(who.actor, talk)}
    assert "老客,优先" in {each.text for each in await desk.read(desk.one, talk)}
    assert (await desk.seen_as(who.actor, talk)).unread == 0


async def test_the_event_log_hears_that_not_what(desk: Desk) -> None:
    who = await desk.buyer()
    talk = await desk.asks(who, "我住文三路一号")
    await desk.say(desk.one, talk, words("收到"))
    async with desk.database.begin(desk.one) as tx:
        await conversations.close(tx, talk.id, ConversationOutcome.SOLVED)
    log = json.dumps(await desk.log("%"), ensure_ascii=False)
    assert "文三路一号" not in log
    assert "收到" not in log
    (opened,), (ended,) = (
        await desk.log("conversations.opened"),
        await desk.log("conversations.closed"),
    )
    assert (opened["showId"], opened["kind"], opened["rehearsal"]) == (
        str(desk.show_id),
        "order",
        False,
    )
    assert ended["outcome"] == "solved"
    told = [
        each for each in await desk.log("rooms.told") if each["message"]["about"] == "conversation"
    ]
    assert {each["to"] for each in told} == {"staff", str(who.id)}


async def test_a_shoppers_word_after_the_end_opens_it_again_for_a_week(desk: Desk) -> None:
    who = await desk.buyer()
    talk = await desk.asks(who)
    await desk.say(desk.one, talk, words("明天发"))
    async with desk.database.begin(who.actor) as tx:
        ended = await conversations.close(tx, talk.id, ConversationOutcome.SPAM)
    assert (ended.state, ended.outcome) == (ConversationState.CLOSED, ConversationOutcome.SOLVED)
    with pytest.raises(ConversationOver):
        await desk.say(desk.one, talk, words("还在吗"))

    again = await desk.say(who.actor, talk, words("还没发"), desk.now(timedelta(days=2)))
    assert (again.state, again.closed_at, again.outcome) == (ConversationState.WAITING, None, None)
    assert [each.note for each in await desk.read(desk.one, talk)][-2] is TalkNote.REOPENED
    async with desk.database.begin(who.actor, desk.now(timedelta(days=3))) as tx:
        await conversations.close(tx, talk.id, ConversationOutcome.SOLVED)
    with pytest.raises(ConversationOver):
        await desk.say(who.actor, talk, words("还没发"), desk.now(timedelta(days=11)))


async def test_after_a_new_one_was_opened_the_old_one_stays_closed(desk: Desk) -> None:
    who = await desk.buyer()
    old = await desk.asks(who)
    async with desk.database.begin(who.actor) as tx:
        await conversations.close(tx, old.id, ConversationOutcome.SOLVED)
    new = await desk.asks(who, "另一件事")
    with pytest.raises(ConversationOver) as refused:
        await desk.say(who.actor, old, words("还有"))
    assert refused.value.facts["conversation_id"] == new.id


async def test_another_shoppers_order_is_no_card(desk: Desk) -> None:
    who, other = await desk.buyer(), await desk.buyer()
    order = await desk.had(other)
    with pytest.raises(OrderNotFound):
        await desk.asks(who, "我的订单", order_id=order.id)


async def test_a_question_from_the_chat_is_the_shoppers_own_word_and_once(desk: Desk) -> None:
    """What was asked in public goes on in private, without being typed again."""
    who = await desk.buyer()
    kind = ConversationKind.OTHER
    async with desk.database.begin(desk.owner) as tx:
        await conversations.open(tx, desk.show_id, who.id, kind, None, None, "有小样吗?")
        talk = await conversations.open(tx, desk.show_id, who.id, kind, None, None, "有小样吗?")
    said = [(each.speaker, each.text) for each in await desk.read(who.actor, talk)]
    assert said == [(TalkSide.SHOPPER, "有小样吗?")]
    async with desk.database.begin(desk.owner) as tx:
        with pytest.raises(ShopperNotFound):
            await conversations.open(
                tx, desk.show_id, new_id(), ConversationKind.OTHER, None, None, "路人"
            )


async def test_a_rehearsals_conversations_are_apart(desk: Desk) -> None:
    async with desk.database.begin(desk.owner) as tx:
        await shows.end(tx, desk.show_id)
        room = await shows.plan(tx, desk.show_id)
        assert room.show.status is shows.ShowStatus.ENDED
    who = await desk.buyer()
    async with desk.database.begin(desk.owner) as tx:
        rehearsed = await planned_show(tx, [await product_on_sale(tx)])
        await shows.rehearse(tx, rehearsed)
        simulated = new_id()
        talk = await conversations.open(
            tx, rehearsed, simulated, ConversationKind.OTHER, None, None, "排练里的一问"
        )
    assert talk.rehearsal
    async with desk.database.begin(desk.one) as tx:
        whole = await conversations.queue_state(tx, None)
        own = await conversations.queue_state(tx, rehearsed)
        figures = await conversations.figures(tx.acting(desk.owner), rehearsed)
    assert (whole.waiting, own.waiting, figures.opened) == (0, 1, 0)
    assert (await desk.log("conversations.opened"))[-1]["rehearsal"] is True
    with pytest.raises(ShowNotFound):
        await desk.asks(who, show_id=rehearsed)


async def test_pictures_are_seen_by_both_sides_alone(desk: Desk) -> None:
    who, other = await desk.buyer(), await desk.buyer()
    talk = await desk.asks(who)
    async with desk.database.begin(who.actor) as tx:
        shown = await conversations.add_picture(tx, png())
    with pytest.raises(AttachmentNotFound):
        await desk.say(desk.one, talk, words("", picture_ids=[shown.id]))
    for stranger in (other.actor, desk.one):
        async with desk.database.begin(stranger) as tx:
            with pytest.raises(AttachmentNotFound):
                await conversations.picture(tx, shown.id)
    await desk.say(who.actor, talk, words("", picture_ids=[shown.id]))
    for reader in (who.actor, desk.one, desk.two):
        async with desk.database.begin(reader) as tx:
            assert await conversations.picture(tx, shown.id)
    async with desk.database.begin(other.actor) as tx:
        with pytest.raises(AttachmentNotFound):
            await conversations.picture(tx, shown.id)
    async with desk.database.begin(Actor(desk.merchant_id, Role.ANALYST, new_id())) as tx:
        with pytest.raises(NotPermitted):
            await conversations.add_picture(tx, png())


async def test_nobody_says_more_than_twenty_things_a_minute(desk: Desk) -> None:
    who = await desk.buyer()
    now = desk.now().replace(second=0)
    talk = await desk.asks(who, now=now)
    for n in range(20):
        await desk.say(who.actor, talk, words(f"第 {n} 句"), now)
    with pytest.raises(TooManyAttempts):
        await desk.say(who.actor, talk, words("第 20 句"), now)


async def test_what_a_shopper_said_can_be_forgotten(desk: Desk) -> None:
    who = await desk.buyer()
    talk = await desk.asks(who, "我叫李雷")
    async with desk.database.begin(who.actor) as tx:
        shown = await conversations.add_picture(tx, png())
    await desk.say(who.actor, talk, words("看图", picture_ids=[shown.id]))
    async with desk.database.begin(desk.one) as tx:
        with pytest.raises(NotPermitted):
            await conversations.erase(tx, who.id)
    async with desk.database.begin(desk.system) as tx:
        assert await conversations.erase(tx, who.id) == 2
    with pytest.raises(ConversationNotFound):
        await desk.seen_as(who.actor, talk)
    left = await desk.seen_as(desk.one, talk)
    assert (left.last_text, left.shopper_name, left.state) == ("", "", ConversationState.CLOSED)
    assert all(not each.text and not each.picture_ids for each in await desk.read(desk.one, talk))
    async with desk.database.begin(desk.one) as tx:
        with pytest.raises(AttachmentNotFound):
            await conversations.picture(tx, shown.id)


async def test_quick_replies_are_the_merchants(
    desk: Desk, database: Database, other_merchant_id: UUID
) -> None:
    written = PutPhrases(phrases=[PutPhrase(title="发货", text="现货 48 小时内发出。")])
    async with database.begin(desk.one) as tx:
        await conversations.put_phrases(tx, written)
    async with database.begin(desk.two) as tx:
        assert [each.text for each in await conversations.phrases(tx)] == ["现货 48 小时内发出。"]
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id())) as tx:
        assert await conversations.phrases(tx) == []
    async with database.begin(Actor(desk.merchant_id, Role.GUEST)) as tx:
        with pytest.raises(SignInRequired):
            await conversations.phrases(tx)
