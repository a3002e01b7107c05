"""Listed words are caught however they are dressed, and ordinary sentences pass."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinbo.live.chat import Listed, WordAction, compiled
from xinbo.live.chat._rules.split import PARTS
from xinbo.live.chat._rules.views import ALIKE, DIGITS, SPELLING, syllables

unhurried = settings(deadline=None, max_examples=400)

CHINESE = ["加微信", "赌博网站", "最便宜的货", "刷单返利", "假货骗子", "银行卡号"]
LATIN = ["taobao", "telegram", "whatsapp", "bitcoin"]
SHORT = ["微信", "淘宝", "vx", "qq", "ass", "骗"]
WORDS = compiled([Listed(word, WordAction.REFUSE) for word in (*CHINESE, *LATIN, *SHORT)])
TRADITIONAL = str.maketrans("宝货骗单银号赌", "寶貨騙單銀號賭")
FILLERS = " .-_*~·,，。!！?？\u200b\u200d\ufeff😀❤️【】\n"
AROUND = ["", "姐姐", "这个", "好看！", "不知道哎 ", " 12 "]
NAMED: dict[str, str] = {}
for whole, letter in ALIKE.items():
    NAMED.setdefault(letter, whole)
HOMOPHONES = {
    "加": "家",
    "微": "薇",
    "信": "芯",
    "赌": "堵",
    "博": "伯",
    "网": "往",
    "站": "占",
} | {"刷": "耍", "单": "丹", "返": "反", "利": "力", "货": "祸", "卡": "咔", "号": "浩"}
SPLIT = {whole: parts for parts, whole in PARTS.items()}


def wide(text: str, _: st.DataObject) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def upper(text: str, _: st.DataObject) -> str:
    return text.upper()


def filled(text: str, data: st.DataObject) -> str:
    between = st.text(FILLERS, max_size=3)
    return "".join(c + data.draw(between) for c in text)


def repeated(text: str, data: st.DataObject) -> str:
    return "".join(c * data.draw(st.integers(1, 4)) for c in text)


def traditional(text: str, _: st.DataObject) -> str:
    return text.translate(TRADITIONAL)


def alike(text: str, data: st.DataObject) -> str:
    return "".join(NAMED[c] if c in NAMED and data.draw(st.booleans()) else c for c in text)


def digits(text: str, data: st.DataObject) -> str:
    back = {"o": "0", "l": "1", "e": "3", "a": "@", "s": "$", "t": "7", "b": "8", "i": "1"}
    return "".join(back[c] if c in back and data.draw(st.booleans()) else c for c in text)


def accented(text: str, data: st.DataObject) -> str:
    return "".join(c + "\u0301" if c in "aeiou" and data.draw(st.booleans()) else c for c in text)


def homophones(text: str, data: st.DataObject) -> str:
    return "".join(
        HOMOPHONES[c] if c in HOMOPHONES and data.draw(st.booleans()) else c for c in text
    )


def pinyin(text: str, data: st.DataObject) -> str:
    return "".join(SPELLING[ord(c)] if data.draw(st.booleans()) else c for c in text)


def split(text: str, data: st.DataObject) -> str:
    return "".join(SPLIT[c] if c in SPLIT and data.draw(st.booleans()) else c for c in text)


DRESS: dict[str, list[Callable[[str, st.DataObject], str]]] = {
    "chinese": [wide, filled, repeated, traditional, homophones, pinyin, split],
    "latin": [wide, upper, filled, repeated, alike, digits, accented],
    "short": [wide, upper, filled, traditional],
}


@unhurried
@given(st.data())
@pytest.mark.parametrize(
    ("kind", "words"), [("chinese", CHINESE), ("latin", LATIN), ("short", SHORT)]
)
def test_a_listed_word_is_caught_in_every_dress(
    kind: str, words: list[str], data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(words))
    dressed = data.draw(st.sampled_from(DRESS[kind]))(word, data)
    said = data.draw(st.sampled_from(AROUND)) + dressed + data.draw(st.sampled_from(AROUND))
    assert WORDS.find(said) is WordAction.REFUSE, said


@unhurried
@given(st.data())
@pytest.mark.parametrize("word", CHINESE)
def test_two_dresses_at_once_do_not_hide_it(word: str, data: st.DataObject) -> None:
    for dress in (homophones, pinyin, filled):
        word = dress(word, data)
    assert WORDS.find(word) is WordAction.REFUSE, word


@pytest.mark.parametrize(
    "said",
    [
        "因为信任主播才来的",
        "这件和昨天的一样吗",
        "第二步怎么做",
        "class 和 glass 都好看",
        "tv xbox 一起买吗",
        "Q 版的有吗",
        "可以为新客多留一点吗",
        "我想要 38 码的",
        "好好看啊啊啊啊",
        "女子专用的吗",
        "快递到西安要几天",
        "mask 和 pass 都懂",
        "价格 $12 还是 12 元",
        "家里的网络站不稳",
        "今天的货很足",
        "贵宾卡有优惠吗",
        "A1 和 B2 哪个好",
        "I love this",
        "哈哈哈哈哈 233333",
        "宝宝能用吗",
        "淘气的小孩也能用",
        "微微一笑",
        "木木老师好",
        "月饼什么时候发",
        "telephone 是多少",
        "博士推荐的",
    ],
)
def test_ordinary_sentences_pass(said: str) -> None:
    assert WORDS.matches(said) == []


def test_what_is_let_through_hides_a_word_only_where_it_stands() -> None:
    words = compiled([Listed("第一", WordAction.REFUSE), Listed("第一步", WordAction.ALLOW)])
    assert words.find("第一步先洗脸") is None
    assert words.find("第一步用全网第一的水") is WordAction.REFUSE
    assert words.find("全网第 一") is WordAction.REFUSE


def test_the_hardest_of_several_words_decides() -> None:
    words = compiled([Listed("返利", WordAction.HOLD), Listed("刷单", WordAction.REFUSE)])
    assert words.find("返利吗") is WordAction.HOLD
    assert words.find("刷单返利") is WordAction.REFUSE
    assert [each.text for each in words.matches("返 利 刷 单")] == ["返利", "刷单"]


def test_two_characters_are_not_known_by_their_sound_alone_and_are_when_typed() -> None:
    words = compiled([Listed("微信", WordAction.REFUSE)])
    assert words.find("很有威信") is None
    assert words.find("wei信") is WordAction.REFUSE
    assert words.find("加我weixin吧") is WordAction.REFUSE


@unhurried
@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_look_at(said: str) -> None:
    WORDS.matches(said)
    compiled([Listed(said, WordAction.HOLD)]).find(said)


def test_digits_are_letters_only_beside_letters() -> None:
    assert len(DIGITS) > 10
    assert WORDS.find("0 1 3 4 5 7") is None
    words = compiled([Listed("best", WordAction.REFUSE)])
    assert words.find("订单 8357") is None
    assert words.find("b3st 的") is WordAction.REFUSE


@pytest.mark.parametrize(("text", "whole"), [("jia", True), ("xian", True), ("xyz", False)])
def test_pinyin_is_told_from_other_letters(text: str, *, whole: bool) -> None:
    assert bool(syllables().fullmatch(text)) is whole
