"""What the staff do about a message or its author; nobody is silenced in secret."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.live.chat.support import on_air, said, speaker
from tests.support import NOW, opened, planned_show, product_on_sale
from xinbo.engines.callers import SignInRequired
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id
from xinbo.live import chat, edge, shows, timeline
from xinbo.live.chat import (
    AppealDecidedAlready,
    AppealDecision,
    AppealedAlready,
    DecideAppeal,
    Kick,
    MakeAppeal,
    MessageNotFound,
    Mute,
    NotThatState,
    PutChatRules,
    PutWord,
    Remove,
    Rule,
    SaidState,
    SanctionNotFound,
    Speaker,
    StaffSpoke,
    WordAction,
    WordNotFound,
    WordRefused,
)
from xinbo.live.chat._service import archive
from xinbo.live.edge import Places, SentOut

pytestmark = pytest.mark.anyio
SPAM = Remove(rule=Rule.SPAM, note="请不要刷屏")


@pytest.fixture
async def show_id(tx: Tx) -> UUID:
    return await on_air(tx)


async def news(tx: Tx, name: str = "rooms.told") -> list[dict[str, Any]]:
    """What went out of this transaction, of one kind."""
    rows = await tx.db.scalars(
        select(EventRow)
        .where(EventRow.type == name, EventRow.merchant_id == tx.merchant_id)
        .order_by(EventRow.seq)
    )
    return [dict(row.payload) for row in rows]


async def test_a_held_message_is_released_to_everyone_in_its_place(tx: Tx, show_id: UUID) -> None:
    author = speaker(tx)
    held = said(show_id, "返利吗", viewer_id=author.actor.user_id, state=SaidState.HELD)
    await chat.store(tx, show_id, [held])
    assert (await chat.rules(tx, show_id)).held == 1
    assert [m.state for m in (await chat.standing(author, show_id)).messages] == ["held"]
    shown = await chat.release(tx, show_id, held.id)
    assert (shown.state, shown.at) == (SaidState.SHOWN, held.at)
    assert (await chat.standing(author, show_id)).messages == []
    assert (await news(tx, "chat.released"))[0]["messageId"] == str(held.id)
    own = [each for each in await news(tx) if each["to"] == str(author.actor.user_id)]
    assert own[-1]["message"]["became"] == "shown"
    assert "返利" not in str(await news(tx)) + str(await news(tx, "chat.released"))
    with pytest.raises(NotThatState) as refusal:
        await chat.release(tx, show_id, held.id)
    assert refusal.value.facts["is_now"] == "shown"


async def test_a_rejected_message_says_why_to_its_author_alone(tx: Tx, show_id: UUID) -> None:
    author, other = speaker(tx), speaker(tx)
    held = said(show_id, viewer_id=author.actor.user_id, state=SaidState.HELD)
    await chat.store(tx, show_id, [held])
    await chat.reject(tx, show_id, held.id, SPAM)
    (mine,) = (await chat.standing(author, show_id)).messages
    assert (mine.state, mine.rule, mine.note, mine.role) == ("refused", "spam", SPAM.note, "owner")
    assert (await chat.standing(other, show_id)).messages == []


async def test_a_removed_message_goes_everywhere_and_its_author_is_told(
    tx: Tx, show_id: UUID
) -> None:
    author = speaker(tx)
    message = said(show_id, viewer_id=author.actor.user_id)
    await chat.store(tx, show_id, [message])
    await chat.remove(tx, show_id, message.id, SPAM)
    assert (await news(tx, "chat.removed"))[0]["messageId"] == str(message.id)
    (mine,) = (await chat.standing(author, show_id)).messages
    assert (mine.text, mine.state) == ("好看", "removed")
    with pytest.raises(NotThatState):
        await chat.remove(tx, show_id, message.id, SPAM)


async def test_a_muted_shopper_is_told_the_rule_and_by_which_role(tx: Tx, show_id: UUID) -> None:
    author = speaker(tx)
    message = said(show_id, viewer_id=author.actor.user_id)
    await chat.store(tx, show_id, [message])
    service = tx.acting(Actor(tx.merchant_id, Role.SERVICE, new_id()))
    command = Mute(message_id=message.id, minutes=10, rule=Rule.ABUSE, note="请文明发言")
    done = await chat.mute(service, show_id, command)
    (mine,) = (await chat.standing(author, show_id)).sanctions
    assert mine == done
    assert (mine.kind, mine.rule, mine.role, mine.until) == (
        "mute",
        "abuse",
        "service",
        NOW + timedelta(minutes=10),
    )
    rules = await chat.room_rules(tx.acting(system(tx.merchant_id)), show_id)
    assert [each.viewer_id for each in rules.muted] == [author.actor.user_id]
    await chat.lift(tx, done.id)
    assert (await chat.room_rules(tx, show_id)).muted == []
    kinds = [moment.kind for moment in (await timeline.page_of(tx, show_id, None, 20)).items]
    assert kinds[:2] == ["chat.lifted", "chat.muted"]


async def test_who_is_sent_out_gets_no_ticket_until_the_staff_think_again(
    tx: Tx, show_id: UUID
) -> None:
    shopper = await a_shopper(tx)
    places, key = Places(edge="ws://e", media="http://m"), b"k"
    assert (await edge.ticket(shopper, show_id, places, key)).can_chat
    message = said(show_id, viewer_id=shopper.actor.user_id)
    await chat.store(tx, show_id, [message])
    done = await chat.kick(tx, show_id, Kick(message_id=message.id, rule=Rule.ADVERTISING))
    assert (await chat.room_rules(tx, show_id)).kicked == [shopper.actor.user_id]
    with pytest.raises(SentOut) as refusal:
        await edge.ticket(shopper, show_id, places, key)
    assert refusal.value.facts["rule"] == "advertising"
    asked = await chat.appeal(shopper, show_id, MakeAppeal(about_id=done.id, text="我是在问物流"))
    (case,) = (await chat.appeals(tx, show_id, None, 10, undecided=True)).items
    assert (case.about, case.text, case.message) == ("kick", "我是在问物流", "好看")
    answer = DecideAppeal(decision=AppealDecision.LIFTED, answer="不好意思")
    await chat.decide(tx, asked.id, answer)
    assert (await edge.ticket(shopper, show_id, places, key)).can_chat
    (mine,) = (await chat.standing(shopper, show_id)).sanctions
    assert mine.appeal is not None
    assert (mine.appeal.decision, mine.appeal.answer) == ("lifted", "不好意思")
    assert mine.lifted_at == NOW
    with pytest.raises(AppealDecidedAlready):
        await chat.decide(tx, asked.id, answer)


async def test_one_appeal_about_each_thing_and_only_about_ones_own(tx: Tx, show_id: UUID) -> None:
    author, other = speaker(tx), speaker(tx)
    message = said(show_id, viewer_id=author.actor.user_id)
    await chat.store(tx, show_id, [message])
    command = MakeAppeal(about_id=message.id, text="为什么")
    with pytest.raises(MessageNotFound):  # it is shown: nothing was done about it
        await chat.appeal(author, show_id, command)
    await chat.remove(tx, show_id, message.id, SPAM)
    with pytest.raises(MessageNotFound):
        await chat.appeal(other, show_id, command)
    asked = await chat.appeal(author, show_id, command)
    with pytest.raises(AppealedAlready):
        await chat.appeal(author, show_id, command)
    await chat.decide(tx, asked.id, DecideAppeal(decision=AppealDecision.UPHELD, answer="已提醒过"))
    (mine,) = (await chat.standing(author, show_id)).messages
    assert mine.appeal is not None
    assert (mine.state, mine.appeal.decision) == ("removed", "upheld")


async def test_an_appeal_that_is_right_shows_the_message_again(tx: Tx, show_id: UUID) -> None:
    author = speaker(tx)
    message = said(show_id, viewer_id=author.actor.user_id, state=SaidState.REFUSED)
    await chat.store(tx, show_id, [message])
    asked = await chat.appeal(author, show_id, MakeAppeal(about_id=message.id, text="是品牌名"))
    await chat.decide(tx, asked.id, DecideAppeal(decision=AppealDecision.LIFTED))
    assert [each["messageId"] for each in await news(tx, "chat.released")] == [str(message.id)]


async def test_staff_are_not_muted_and_strangers_do_nothing(tx: Tx, show_id: UUID) -> None:
    staff, shopper = said(show_id, role=Speaker.HOST), said(show_id)
    await chat.store(tx, show_id, [staff, shopper])
    with pytest.raises(StaffSpoke):
        await chat.mute(tx, show_id, Mute(message_id=staff.id, minutes=1, rule=Rule.OTHER))
    analyst = tx.acting(Actor(tx.merchant_id, Role.ANALYST, new_id()))
    with pytest.raises(NotPermitted):
        await chat.remove(analyst, show_id, shopper.id, SPAM)
    with pytest.raises(NotPermitted):
        await chat.put_words(analyst, [PutWord(text="x1", action=WordAction.REFUSE)])
    with pytest.raises(MessageNotFound):
        await chat.remove(tx, show_id, new_id(), SPAM)
    with pytest.raises(SanctionNotFound):
        await chat.lift(tx, new_id())
    with pytest.raises(SignInRequired):
        await chat.standing(tx.acting(Actor(tx.merchant_id, Role.GUEST)), show_id)


async def test_another_merchant_sees_none_of_it(tx: Tx, show_id: UUID, database: Database) -> None:
    message = said(show_id)
    await chat.store(tx, show_id, [message])
    await chat.put_words(tx, [PutWord(text="返利", action=WordAction.HOLD)])
    other = tx.acting(Actor(await opened(database), Role.OWNER, new_id()))
    assert (await chat.page_of(other, show_id, None, 10)).items == []
    assert (await chat.words(other, None, 10)).items == []
    with pytest.raises(shows.ShowNotFound):
        await chat.remove(other, show_id, message.id, SPAM)


async def test_slow_mode_and_review_reach_the_edges(tx: Tx, show_id: UUID) -> None:
    put = PutChatRules(slow_seconds=30, hold_all=True)
    shown = await chat.set_rules(tx, show_id, put)
    assert (shown.slow_seconds, shown.hold_all) == (30, True)
    rules = await chat.room_rules(tx, show_id)
    assert (rules.slow_seconds, rules.hold_all) == (30, True)
    assert {"showId": str(show_id)} in await news(tx, "chat.rules_changed")


async def test_words_are_for_all_rooms_and_say_what_they_do(tx: Tx, show_id: UUID) -> None:
    put = [
        PutWord(text="返利", action=WordAction.HOLD),
        PutWord(text="赌博网站", action=WordAction.REFUSE),
    ]
    stored = await chat.put_words(tx, put)
    await chat.put_words(tx, [PutWord(text=" 返利 ", action=WordAction.REFUSE, note="更严")])
    found = (await chat.words(tx, None, 10)).items
    assert {(word.text, word.action) for word in found} == {
        ("返利", "refuse"),
        ("赌博网站", "refuse"),
    }
    tried = await chat.try_text(tx, "堵 博 网 站")
    assert (tried.action, tried.words) == ("refuse", ["赌博网站"])
    assert len((await chat.room_rules(tx, show_id)).words) == 2
    await chat.remove_word(tx, stored[0].id)
    with pytest.raises(WordNotFound):
        await chat.remove_word(tx, stored[0].id)
    with pytest.raises(WordRefused):
        await chat.put_words(tx, [PutWord(text="。!", action=WordAction.HOLD)])


async def test_what_is_done_in_a_rehearsal_does_not_hold_in_the_show(tx: Tx) -> None:
    show_id = await on_air(tx)
    await shows.end(tx, show_id)
    show_id = await rehearsed(tx)
    message = said(show_id)
    await chat.store(tx, show_id, [message])
    await chat.kick(tx, show_id, Kick(message_id=message.id, rule=Rule.SPAM))
    assert len((await chat.room_rules(tx, show_id)).kicked) == 1
    await shows.start(tx, show_id)
    assert (await chat.room_rules(tx, show_id)).kicked == []
    assert (await chat.page_of(tx, show_id, None, 10)).items == []
    assert len((await chat.page_of(tx, show_id, None, 10, rehearsal=True)).items) == 1


async def test_who_is_erased_leaves_no_words_behind(tx: Tx, show_id: UUID) -> None:
    author = speaker(tx)
    assert author.actor.user_id
    message = said(show_id, "我电话 13800000000", viewer_id=author.actor.user_id)
    await chat.store(tx, show_id, [message])
    assert await chat.erase(tx, author.actor.user_id) == 1
    (left,) = (await chat.page_of(tx, show_id, None, 10)).items
    assert (left.text, left.name) == ("", "")


async def test_what_is_older_than_three_years_goes(tx: Tx, show_id: UUID) -> None:
    old = said(show_id, "旧", at=NOW - timedelta(days=1200))
    young = said(show_id, "新", at=NOW - timedelta(days=1000))
    await archive.store(tx, show_id, [old, young])
    await chat.expire(tx)
    assert [each.text for each in (await chat.page_of(tx, show_id, None, 10)).items] == ["新"]


async def rehearsed(tx: Tx) -> UUID:
    """Put another show into rehearsal."""
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    await shows.rehearse(tx, show_id)
    return show_id


async def a_shopper(tx: Tx) -> Tx:
    """Sign a shopper up, and act as them."""
    shopper_id = await accounts.join(tx, f"+8613{new_id().int % 10**9:09}")
    return tx.acting(Actor(tx.merchant_id, Role.SHOPPER, shopper_id, shopper_id))
