"""What may be said, however it is dressed."""

from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinbo.live import chat
from xinbo.live.chat import (
    Author,
    Listed,
    MessageRefused,
    PostMessage,
    SaidState,
    Speaker,
    WordAction,
    screen,
)
from xinbo.live.chat._rules.screen import LONGEST

unhurried = settings(deadline=None)
NOW = datetime(2026, 11, 11, 20, tzinfo=UTC)
WORDS = chat.compiled([Listed("淘宝", WordAction.REFUSE), Listed("TaoBao", WordAction.REFUSE)])


def author(role: Speaker = Speaker.SHOPPER, *, simulated: bool = False) -> Author:
    return Author(
        show_id=uuid4(), viewer_id=uuid4(), by="x", name="小雨", role=role, simulated=simulated
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("  好看  ", "好看"),
        ("ＡＢＣ　１２３", "ABC 123"),
        ("一行\n两行\t三", "一行 两行 三"),
        ("零\u200b宽\ufeff字", "零宽字"),
        ("\u202e倒过来", "倒过来"),
        ("响\x07铃\x00", "响铃"),
        ("e\u0301te", "éte"),
        ("zal" + "g\u0300\u0301\u0302\u0303\u0304o", "zalg\u0300\u0301o"),
        ("👩\u200d👩\u200d👧 ❤\ufe0f", "👩\u200d👩\u200d👧 ❤\ufe0f"),
        ("第 3.5 版，共 2.0 升", "第 3.5 版，共 2.0 升"),
        ("真的？！（想要）～", "真的？！（想要）～"),
    ],
)
def test_a_message_is_shown_clean(said: str, shown: str) -> None:
    assert screen(said) == shown


@pytest.mark.parametrize("said", ["", "   ", "\u200b\u200d\u2060", "\x00\x01"])
def test_nothing_said_is_refused(said: str) -> None:
    with pytest.raises(MessageRefused) as refusal:
        screen(said)
    assert refusal.value.facts == {"reason": "empty"}


def test_what_grows_beyond_the_limit_when_normalised_is_refused() -> None:
    screen("好" * LONGEST)
    with pytest.raises(MessageRefused) as refusal:
        screen("\ufdfa" * 20)
    assert refusal.value.facts == {"reason": "tooLong", "most": LONGEST}


@pytest.mark.parametrize(
    "said",
    [
        "淘宝买",
        "去 淘 宝 买",
        "淘-宝",
        "淘.宝",
        "ＴＡＯＢＡＯ",
        "t a o b a o",
        "tao\u200bbao",
        "TAObao",
    ],
)
def test_a_blocked_word_is_refused_however_it_is_dressed(said: str) -> None:
    assert WORDS.find(screen(said)) is WordAction.REFUSE


@pytest.mark.parametrize(
    "said",
    [
        "http://x",
        "http：//x",
        "看 HTTPS://evil.example/a",
        "www.evil",
        "加 evil.com 领券",
        "evil。com",
        "ｅｖｉｌ．ｃｎ",
        "a-b.shop",
        "ev\u200bil.com",
    ],
)
def test_a_shopper_may_not_post_addresses_and_the_shop_may(said: str) -> None:
    command = PostMessage(id=uuid4(), text=said)
    refused = chat.say(author(), command, now=NOW)
    assert (refused.state, refused.why) == (SaidState.REFUSED, "link")
    assert chat.say(author(Speaker.STAFF), command, now=NOW).state is SaidState.SHOWN


@unhurried
@given(st.text(max_size=300))
def test_what_is_shown_would_be_shown_the_same_again(said: str) -> None:
    try:
        shown = screen(said)
    except MessageRefused:
        return
    assert screen(shown) == shown
    assert 0 < len(shown) <= LONGEST
    assert shown == shown.strip()
    assert "\n" not in shown


@unhurried
@given(st.text(max_size=80))
def test_a_word_is_found_wherever_it_stands(around: str) -> None:
    assert WORDS.find(f"{around[:40]}淘宝{around[40:]}") is WordAction.REFUSE


def test_a_message_goes_over_the_wire_with_its_type_first() -> None:
    said = chat.say(author(simulated=True), PostMessage(id=uuid4(), text="好"), now=NOW)
    wire = chat.wire(said)
    assert wire.startswith(b'{"t":"chat",')
    sent = msgspec.json.decode(wire)
    assert sent.pop("t") == "chat"
    assert msgspec.convert(sent, chat.Message) == chat.message(said)
    assert "viewerId" not in sent
    assert sent["simulated"]
