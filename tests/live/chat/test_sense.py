"""Questions and complaints are told from chat, however they are written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xinbo.live.chat import MessageKind, classify

WRITING = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
"""Anything that may be said: any letter, sign, mark or blank."""


@given(WRITING)
@example("")
@example("?")
@example("\u200b\t\n")
@example("吗" * 200)
def test_whatever_is_said_has_a_kind(text: str) -> None:
    assert classify(text) in set(MessageKind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请问这款面霜怎么用", MessageKind.QUESTION),
        ("油皮能用", MessageKind.QUESTION),
        ("XL码有货", MessageKind.QUESTION),
        ("外套多少钱", MessageKind.QUESTION),
        ("發什麼快遞", MessageKind.QUESTION),
        ("how much is the bag", MessageKind.QUESTION),
        ("主播好美", MessageKind.CHAT),
        ("已下单", MessageKind.CHAT),
        ("油皮用着很舒服", MessageKind.CHAT),
        ("怎么这么好看", MessageKind.CHAT),
        ("没收到货", MessageKind.COMPLAINT),
        ("卖假货", MessageKind.COMPLAINT),
        ("退款不给退", MessageKind.COMPLAINT),
        ("价格不对", MessageKind.COMPLAINT),
    ],
)
def test_a_question_needs_no_mark_and_a_complaint_no_anger(text: str, kind: MessageKind) -> None:
    assert classify(text) is kind


@given(
    st.sampled_from(["外套多少钱", "油皮能用吗", "卖假货", "主播好美", "M码还有货吗"]),
    st.integers(0, 4),
    st.sampled_from([" ", "  ", "\u3000", "\t"]),
)
def test_blanks_between_letters_change_nothing(text: str, at: int, blank: str) -> None:
    apart = text[:at] + blank + text[at:]
    assert classify(apart) is classify(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｍ码还有货吗？", "m码还有货吗?"),
        ("這個精華適合敏感肌嗎", "这个精华适合敏感肌吗"),
        ("退款不給退", "退款不给退"),
        ("HOW MUCH IS IT", "how much is it"),
        ("好看好看！！！！！！", "好看好看!!!"),
    ],
)
def test_width_case_and_script_change_nothing(one: str, other: str) -> None:
    assert classify(one) is classify(other)
