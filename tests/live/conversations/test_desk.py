"""The agents' desk: who waits longest is first, two agents never have the same one."""

import asyncio
from datetime import timedelta

import pytest

from tests.live.conversations.desk import Desk, words
from xinbo.engines.tx import Role
from xinbo.identity.access import NotPermitted
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import new_id
from xinbo.live import conversations, shows
from xinbo.live.conversations import (
    AgentNotFound,
    Conversation,
    ConversationKind,
    ConversationOutcome,
    ConversationState,
    DeskLane,
    PassOn,
    TakenBySomeone,
    TalkNote,
)
from xinbo.live.conversations._reactions import on_show_ended
from xinbo.live.shows import ShowEnded

pytestmark = pytest.mark.anyio


async def test_of_many_agents_who_take_the_same_one_has_it_and_the_others_are_told_who(
    desk: Desk,
) -> None:
    """Two tap at once: one has it, the other sees the name."""
    talk = await desk.asks(await desk.buyer())
    agents = [desk.one, desk.two, *[await desk.agent(f"客服 {n}") for n in range(4)]]

    async def take(who: int) -> Conversation | XinboError:
        try:
            return await desk.take(agents[who], talk)
        except TakenBySomeone as refused:
            return refused

    results = await asyncio.gather(*(take(n) for n in range(6)))

    (won,) = [each for each in results if isinstance(each, Conversation)]
    refused = [each for each in results if isinstance(each, TakenBySomeone)]
    assert len(refused) == 5
    assert {each.facts["by"] for each in refused} == {won.agent_name}
    assert won.agent_name
    notes = [each.note for each in await desk.read(desk.one, talk)]
    assert notes.count(TalkNote.TAKEN) == 1


async def test_of_two_agents_who_answer_at_once_one_answer_reaches_the_shopper(desk: Desk) -> None:
    who = await desk.buyer()
    talk = await desk.asks(who)
    results = await asyncio.gather(
        desk.say(desk.one, talk, words("我来")),
        desk.say(desk.two, talk, words("我来")),
        return_exceptions=True,
    )
    assert sum(isinstance(each, TakenBySomeone) for each in results) == 1
    assert [each.text for each in await desk.read(who.actor, talk)].count("我来") == 1


async def test_a_shopper_who_opens_in_many_tabs_has_one_conversation(desk: Desk) -> None:
    who = await desk.buyer()
    opened = await asyncio.gather(*(desk.asks(who, f"问题 {n}") for n in range(5)))
    assert len({each.id for each in opened}) == 1
    said = {each.text for each in await desk.read(who.actor, opened[0])}
    assert said == {f"问题 {n}" for n in range(5)}


async def test_who_waits_longest_is_first_and_what_is_answered_last(desk: Desk) -> None:
    talks = [
        await desk.asks(await desk.buyer(), now=desk.now(timedelta(seconds=-n * 20)))
        for n in range(5)
    ]
    await desk.say(desk.one, talks[2], words("好的"))
    longest_first = [talks[n].id for n in (4, 3, 1, 0, 2)]
    assert await desk.queue(desk.one) == longest_first
    assert await desk.queue(desk.one, limit=2) == longest_first
    assert await desk.queue(desk.one, DeskLane.WAITING, limit=3) == longest_first[:4]
    assert await desk.queue(desk.one, DeskLane.MINE) == [talks[2].id]
    assert await desk.queue(desk.two, DeskLane.MINE) == []


async def test_the_desk_counts_by_queue_and_says_what_is_overdue(desk: Desk) -> None:
    await desk.asks(await desk.buyer(), kind=ConversationKind.LOGISTICS)
    old = await desk.asks(
        await desk.buyer(), kind=ConversationKind.ORDER, now=desk.now(timedelta(minutes=-2))
    )
    mine = await desk.asks(await desk.buyer(), kind=ConversationKind.ORDER)
    await desk.take(desk.one, mine)
    state = await desk.state(desk.one)
    assert (state.waiting, state.unanswered, state.overdue, state.mine) == (2, 3, 1, 1)
    assert {each.kind: (each.waiting, each.overdue) for each in state.kinds} == {
        ConversationKind.ORDER: (1, 1),
        ConversationKind.LOGISTICS: (1, 0),
        ConversationKind.PRODUCT: (0, 0),
        ConversationKind.OTHER: (0, 0),
    }
    assert state.longest_since == old.waiting_since
    assert (state.first_reply_seconds, state.next_reply_seconds) == (60, 180)
    assert await desk.queue(desk.one, kind=ConversationKind.LOGISTICS) != []


async def test_later_words_have_three_minutes(desk: Desk) -> None:
    who = await desk.buyer()
    talk = await desk.asks(who, now=desk.now(timedelta(minutes=-30)))
    await desk.say(desk.one, talk, words("好"), desk.now(timedelta(minutes=-29)))
    await desk.say(who.actor, talk, words("再问"), desk.now(timedelta(minutes=-2)))
    assert (await desk.state(desk.one)).overdue == 0
    assert (await desk.state(desk.one, desk.now(timedelta(minutes=2)))).overdue == 1


async def test_a_conversation_is_given_on_with_a_word_and_back_to_the_queue(desk: Desk) -> None:
    who = await desk.buyer()
    talk = await desk.asks(who)
    await desk.take(desk.one, talk)
    with pytest.raises(TakenBySomeone):
        async with desk.database.begin(desk.two) as tx:
            await conversations.transfer(tx, talk.id, PassOn(to=desk.two.user_id))
    async with desk.database.begin(desk.one) as tx:
        given = await conversations.transfer(
            tx, talk.id, PassOn(to=desk.two.user_id, words="查一下物流")
        )
    assert (given.agent_id, given.agent_name) == (desk.two.user_id, "阿青")
    assert given.waiting_since == talk.waiting_since
    assert any("查一下物流" in each.text for each in await desk.read(desk.two, talk))
    assert not any("查一下物流" in each.text for each in await desk.read(who.actor, talk))
    async with desk.database.begin(desk.two) as tx:
        back = await conversations.transfer(tx, talk.id, PassOn())
    assert (back.state, back.agent_id) == (ConversationState.WAITING, None)


async def test_those_who_lead_may_give_on_what_a_colleague_has(desk: Desk) -> None:
    talk = await desk.asks(await desk.buyer())
    await desk.take(desk.one, talk)
    async with desk.database.begin(desk.owner) as tx:
        given = await conversations.transfer(tx, talk.id, PassOn(to=desk.two.user_id))
    assert given.agent_id == desk.two.user_id
    analyst = await desk.agent("分析", Role.ANALYST)
    for nobody in (new_id(), analyst.user_id):
        async with desk.database.begin(desk.owner) as tx:
            with pytest.raises(AgentNotFound):
                await conversations.transfer(tx, talk.id, PassOn(to=nobody))


async def test_agents_put_themselves_on_duty_and_the_end_of_the_show_takes_them_off(
    desk: Desk,
) -> None:
    """At least two agents on a show: readiness counts them."""
    for agent in (desk.one, desk.two, desk.one):
        async with desk.database.begin(agent) as tx:
            there = await conversations.set_duty(tx, desk.show_id, on=True)
    assert [each.name for each in there] == ["小禾", "阿青"]
    assert len(there) >= conversations.ENOUGH
    assert len(await desk.log("conversations.duty_changed")) == 2
    await desk.take(desk.one, await desk.asks(await desk.buyer()))
    later = await desk.state(desk.one, desk.now(timedelta(minutes=3)))
    assert [(each.holds, each.away) for each in later.agents] == [(1, True), (0, True)]
    assert later.on_duty
    async with desk.database.begin(desk.two) as tx:
        assert len(await conversations.set_duty(tx, desk.show_id, on=False)) == 1
    async with desk.database.begin(desk.system) as tx:
        await on_show_ended(tx, ShowEnded(show_id=desk.show_id))
        assert await conversations.on_duty(tx, desk.show_id) == []
    host = await desk.agent("主播", Role.HOST)
    async with desk.database.begin(host) as tx:
        with pytest.raises(NotPermitted):
            await conversations.set_duty(tx, desk.show_id, on=True)


async def test_a_show_knows_how_it_was_served(desk: Desk) -> None:
    start = desk.now()
    for seconds in (10, 50, 90):
        talk = await desk.asks(await desk.buyer(), now=start)
        await desk.say(desk.one, talk, words("在"), start + timedelta(seconds=seconds))
    await desk.asks(await desk.buyer(), now=start)
    async with desk.database.begin(desk.one) as tx:
        await conversations.close(tx, talk.id, ConversationOutcome.AFTERSALES)
    async with desk.database.begin(desk.owner) as tx:
        figures = await conversations.figures(tx, desk.show_id)
        assert (await shows.console_get(tx, desk.show_id)).status is shows.ShowStatus.LIVE
    assert (figures.opened, figures.answered, figures.in_time) == (4, 3, 2)
    assert (figures.median_seconds, figures.handed_over) == (50, 1)
