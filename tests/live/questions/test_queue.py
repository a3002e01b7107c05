"""What viewers ask is heard once, put together, queued, and answered by one of the staff."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.live.questions.support import as_shopper, as_system, colleague, heard, on_air, said
from tests.support import NOW, product_on_sale
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.errors import NotFound
from xinbo.live import questions, shows, timeline
from xinbo.live.chat import MessageKind, SaidState, Speaker
from xinbo.live.questions import (
    ActOnQuestion,
    AnotherOnAir,
    AnswerByText,
    IllegalQuestionMove,
    MergeInto,
    MergeRefused,
    PutQuestion,
    QuestionKind,
    QuestionMoved,
    QuestionStatus,
    QuestionTopic,
    SplitOff,
    SplitRefused,
    TakeQuestion,
)
from xinbo.live.questions._reactions import on_pinned
from xinbo.live.stage import ProductPinned

pytestmark = pytest.mark.anyio

DO = ActOnQuestion()


async def test_three_who_ask_the_same_make_one_question(tx: Tx) -> None:
    show_id = await on_air(tx)
    queue = await heard(tx, show_id, "这个尺码怎么选", "尺码怎么选呀", "请问尺码要怎么选呢")

    (question,) = queue.open
    assert (question.count, question.topic, question.status) == (3, QuestionTopic.SIZE, "open")
    assert question.text == "这个尺码怎么选"
    assert (queue.waiting, queue.answered, queue.overlooked) == (1, 0, 0)


async def test_a_message_counts_once_and_a_person_once_a_question(tx: Tx) -> None:
    show_id, who = await on_air(tx), uuid4()
    first = said(show_id, "包邮吗", by=who)
    again = said(show_id, "包不包邮啊", by=who)
    other = said(show_id, "包邮吗")

    await questions.hear(as_system(tx), show_id, [first, again])
    await questions.hear(as_system(tx), show_id, [first, again, other, first])

    (question,) = (await questions.queue(tx, show_id)).open
    assert question.count == 2
    assert len((await questions.asked(tx, question.id, None, 50)).items) == 3


async def test_only_what_shoppers_said_for_everyone_to_read_is_taken(tx: Tx) -> None:
    show_id = await on_air(tx)
    left_out = [
        said(show_id, "主播好美", kind=MessageKind.CHAT),
        said(show_id, "大家还有什么问题吗", role=Speaker.HOST),
        said(show_id, "要加我微信吗", state=SaidState.HELD),
        said(show_id, "傻了吗", state=SaidState.REFUSED),
    ]
    await questions.hear(as_system(tx), show_id, left_out)
    assert (await questions.queue(tx, show_id)).open == []

    await questions.hear(as_system(tx), show_id, [said(show_id, "包邮吗", state=SaidState.SAMPLED)])
    assert (await questions.queue(tx, show_id)).waiting == 1


async def test_complaints_are_kept_apart_from_questions(tx: Tx) -> None:
    show_id = await on_air(tx)
    wrong = said(show_id, "包邮吗", kind=MessageKind.COMPLAINT)
    await questions.hear(as_system(tx), show_id, [wrong, said(show_id, "包邮吗")])

    queue = await questions.queue(tx, show_id)
    assert {each.kind for each in queue.open} == {QuestionKind.QUESTION, QuestionKind.COMPLAINT}
    assert queue.complaints == 1


async def test_the_queue_is_ordered_by_people_and_by_waiting(tx: Tx) -> None:
    show_id = await on_air(tx)
    await heard(tx, show_id, "包邮吗", after=0)
    await heard(tx, show_id, "敏感肌能用吗", "敏感肌可以用吗", after=29)
    queue = await heard(tx, show_id, "几点下播", after=60)
    assert [each.count for each in queue.open] == [2, 1, 1]
    assert [each.text for each in queue.open[1:]] == ["包邮吗", "几点下播"]

    queue = await heard(tx, show_id, "主播几点下播呀", "几点下播呢", "几点下播啊", after=61)
    assert queue.open[0].text == "几点下播"
    assert queue.open[0].late_at - queue.open[0].first_at == timedelta(minutes=5)


async def test_a_question_is_about_what_is_pinned_when_it_is_asked(tx: Tx) -> None:
    one, two = await product_on_sale(tx), await product_on_sale(tx)
    show_id = await on_air(tx, one, two)
    for product in (one, two):
        event = ProductPinned(show_id=show_id, product_id=product.id)
        await on_pinned(as_system(tx), event)
        await heard(tx, show_id, "多少钱")
    queue = await heard(tx, show_id, "1号链接多少钱")
    assert {each.product_id for each in queue.open} == {one.id, two.id}
    assert [each.count for each in queue.open if each.product_id == one.id] == [2]


async def test_what_is_answered_on_air_is_at_its_second_of_the_programme(tx: Tx) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, "包邮吗")).open
    later = _later(tx, 95)

    taken = await questions.take(later, question.id, TakeQuestion(seen=question.version))
    assert (taken.status, taken.second) == ("on_air", 95)
    assert (await questions.queue(tx, show_id)).on_air == taken
    done = await questions.finish(_later(tx, 140), question.id, DO)
    assert (done.status, done.second, done.until_second) == ("answered", 95, 140)

    (shown,) = (await questions.answered(as_shopper(tx, uuid4()), show_id, None, 20)).items
    assert (shown.second, shown.until_second, shown.count) == (95, 140, 1)
    told = [each.kind for each in (await timeline.page_of(tx, show_id, None, 50)).items]
    assert "questions.taken" in told
    assert "questions.answered" in told


async def test_taking_the_next_question_ends_the_one_before(tx: Tx) -> None:
    show_id = await on_air(tx)
    one, two = (await heard(tx, show_id, "包邮吗", "几点下播")).open
    await questions.take(tx, one.id, TakeQuestion())
    with pytest.raises(AnotherOnAir):
        await questions.take(tx, two.id, TakeQuestion(answering=None))

    await questions.take(tx, two.id, TakeQuestion(answering=one.id))

    queue = await questions.queue(tx, show_id)
    assert queue.on_air is not None
    assert queue.on_air.id == two.id
    assert queue.answered == 1
    released = await questions.release(tx, two.id, DO)
    assert (released.status, released.second) == ("open", None)


async def test_of_two_operators_the_second_is_told_who_has_it(tx: Tx) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, "包邮吗")).open
    first, second = await colleague(tx, "阿青"), await colleague(tx, "小林")
    await questions.take(first, question.id, TakeQuestion(seen=question.version))

    with pytest.raises(QuestionMoved) as refused:
        await questions.take(second, question.id, TakeQuestion(seen=question.version))

    facts = refused.value.facts
    assert (facts["by"], facts["what"], facts["status"]) == ("阿青", "take", "on_air")


async def test_more_people_who_ask_do_not_disturb_who_answers(tx: Tx) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, "包邮吗")).open
    await heard(tx, show_id, "包邮吗", "包不包邮")
    answer = AnswerByText(text="全国包邮", seen=question.version)
    assert (await questions.answer_text(tx, question.id, answer)).count == 3


async def test_an_answer_in_writing_reaches_who_asked_and_who_asks_later(tx: Tx) -> None:
    show_id, who, late = await on_air(tx), uuid4(), uuid4()
    await questions.hear(as_system(tx), show_id, [said(show_id, "包邮吗", by=who)])
    (question,) = (await questions.queue(tx, show_id)).open

    await questions.answer_text(tx, question.id, AnswerByText(text="满 99 元包邮"))
    await questions.hear(as_system(tx), show_id, [said(show_id, "包不包邮", by=late)])

    for person in (who, late):
        (mine,) = await questions.own(as_shopper(tx, person), show_id, person, 10)
        assert (mine.answer, mine.status, mine.count) == ("满 99 元包邮", "text", 2)
    (shown,) = (await questions.answered(as_shopper(tx, late), show_id, None, 20)).items
    assert shown.answer == "满 99 元包邮"
    assert (await questions.queue(tx, show_id)).open == []


async def test_an_answer_to_a_complaint_is_not_for_everyone(tx: Tx) -> None:
    show_id, who = await on_air(tx), uuid4()
    wrong = said(show_id, "没收到货", by=who, kind=MessageKind.COMPLAINT)
    await questions.hear(as_system(tx), show_id, [wrong])
    (question,) = (await questions.queue(tx, show_id)).open

    await questions.answer_text(tx, question.id, AnswerByText(text="已为您催单"))

    (mine,) = await questions.own(as_shopper(tx, who), show_id, who, 10)
    assert mine.answer == "已为您催单"
    assert (await questions.answered(as_shopper(tx, who), show_id, None, 20)).items == []


async def test_a_dismissed_question_comes_back_as_it_was(tx: Tx) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, "包邮吗")).open
    await questions.dismiss(tx, question.id, DO)
    assert (await questions.queue(tx, show_id)).waiting == 0
    with pytest.raises(IllegalQuestionMove):
        await questions.take(tx, question.id, TakeQuestion())
    back = await questions.restore(tx, question.id, DO)
    assert (back.status, back.count) == ("open", 1)


async def test_two_questions_put_together_by_hand_count_a_person_once(tx: Tx) -> None:
    show_id, both = await on_air(tx), uuid4()
    await questions.hear(
        as_system(tx),
        show_id,
        [
            said(show_id, "包邮吗", by=both),
            said(show_id, "几点下播", by=both),
            said(show_id, "几点下播"),
        ],
    )
    known = {each.text: each for each in (await questions.queue(tx, show_id)).open}
    one, two = known["包邮吗"], known["几点下播"]

    merged = await questions.merge(tx, one.id, MergeInto(into=two.id))

    assert (merged.id, merged.count) == (two.id, 2)
    assert [each.id for each in (await questions.queue(tx, show_id)).open] == [two.id]
    with pytest.raises(MergeRefused):
        await questions.merge(tx, two.id, MergeInto(into=two.id))
    again = await heard(tx, show_id, "包不包邮")
    assert [each.count for each in again.open if each.id == two.id] == [2]


async def test_a_question_taken_apart_leaves_something_behind(tx: Tx) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, "包邮吗", "包邮吗", "包不包邮")).open
    asks = (await questions.asked(tx, question.id, None, 50)).items

    new = await questions.split(tx, question.id, SplitOff(asks=[asks[0].id]))

    assert (new.count, (await questions.get(tx, question.id)).count) == (1, 2)
    rest = [each.id for each in (await questions.asked(tx, question.id, None, 50)).items]
    for wanted in (rest, [uuid4()]):
        with pytest.raises(SplitRefused):
            await questions.split(tx, question.id, SplitOff(asks=wanted))


async def test_the_staff_words_a_question_better(tx: Tx) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, "那啥邮不邮的包不")).open
    put = PutQuestion(text="包邮吗", topic=QuestionTopic.SHIPPING, product_id=None)
    worded = await questions.put(tx, question.id, put)
    assert (worded.text, worded.topic) == ("包邮吗", QuestionTopic.SHIPPING)
    assert (await heard(tx, show_id, "包不包邮")).open[0].count == 2


async def test_service_answers_what_is_handed_to_it_but_does_not_run_the_show(tx: Tx) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, "包邮吗")).open
    service = await colleague(tx, "客服小周", Role.SERVICE)
    with pytest.raises(NotPermitted):
        await questions.take(service, question.id, TakeQuestion())
    await questions.answer_text(service, question.id, AnswerByText(text="包邮"))


async def test_analysts_and_strangers_see_nobody_who_asked(tx: Tx, other_merchant_id: UUID) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, "包邮吗")).open
    with pytest.raises(NotPermitted):
        await questions.queue(tx.acting(Actor(tx.merchant_id, Role.ANALYST, uuid4())), show_id)
    stranger = tx.acting(Actor(other_merchant_id, Role.OWNER, uuid4()))
    for look in (
        questions.get(stranger, question.id),
        questions.take(stranger, question.id, TakeQuestion()),
        questions.queue(stranger, show_id),
    ):
        with pytest.raises(NotFound):
            await look
    with pytest.raises(NotPermitted):
        await questions.get(as_shopper(tx, uuid4()), question.id)


async def test_who_asked_what_can_be_forgotten(tx: Tx) -> None:
    show_id, who = await on_air(tx), uuid4()
    mine = said(show_id, "我电话 13800138000 包邮吗", by=who)
    await questions.hear(as_system(tx), show_id, [mine])
    (question,) = (await questions.queue(tx, show_id)).open
    assert "13800138000" not in question.text

    assert await questions.erase(as_system(tx), who) == 1

    assert await questions.own(as_shopper(tx, who), show_id, who, 10) == []
    assert (await questions.asked(tx, question.id, None, 10)).items == []


async def test_one_group_although_several_hear_the_same_at_once(
    database: Database, owner: Actor
) -> None:
    """Two workers and a stream that repeats itself: one question, each person once."""
    async with database.begin(owner, NOW) as tx:
        show_id = await on_air(tx)
    messages = [
        said(show_id, text) for text in ("包邮吗", "包不包邮", "包邮吗主播") for _ in "1234"
    ]

    async def hear(part: int) -> None:
        async with database.begin(system(owner.merchant_id), NOW) as tx:
            await questions.hear(tx, show_id, messages[part : part + 6])

    await asyncio.gather(*(hear(part) for part in (0, 3, 6, 0, 3, 6)))

    async with database.begin(owner, NOW) as tx:
        (question,) = (await questions.queue(tx, show_id)).open
        assert question.count == len(messages)
        assert len((await questions.asked(tx, question.id, None, 100)).items) == len(messages)


async def test_of_operators_who_take_at_once_one_has_it(database: Database, owner: Actor) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await on_air(tx)
        queue = await heard(tx, show_id, "包邮吗", "几点下播", "孕妇能用吗")

    async def take(question_id: UUID) -> str:
        async with database.begin(owner, NOW) as tx:
            await questions.take(tx, question_id, TakeQuestion(seen=0))
        return "taken"

    wanted = [each.id for each in queue.open] * 2
    ended = await asyncio.gather(*map(take, wanted), return_exceptions=True)

    assert ended.count("taken") == 1
    refused = [each for each in ended if each != "taken"]
    assert all(isinstance(each, QuestionMoved | AnotherOnAir) for each in refused)
    async with database.begin(owner, NOW) as tx:
        assert (await questions.queue(tx, show_id)).waiting == 2


async def test_nothing_is_answered_on_air_when_nothing_is_on_air(tx: Tx) -> None:
    show_id = await on_air(tx)
    (question,) = (await heard(tx, show_id, "包邮吗")).open
    await shows.end(tx, show_id)
    with pytest.raises(questions.QuestionsNotOnAir):
        await questions.take(tx, question.id, TakeQuestion())
    assert (await questions.get(tx, question.id)).status is QuestionStatus.OPEN


def _later(tx: Tx, seconds: int) -> Tx:
    later = tx.acting(tx.actor)
    later.now = NOW + timedelta(seconds=seconds)
    return later
