"""Tell questions and complaints from chat."""

import re

from xinbo.live.chat._rules.kinds import MessageKind

COMPLAINT = re.compile(
    r"投诉|退款|退货|假货|骗|坏了|破了|漏了|没收到|不发货|差评|过敏|scam|refund|broken",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"[?？吗呢么]|怎么|什么|多少|几[个点号天件色]|哪[里个款]|能不能|可不可以|是不是|有没有|会不会|适合"
    r"|\b(?:how|what|when|where|which|why|who|can|does|is it)\b",
    re.IGNORECASE,
)


def classify(text: str) -> MessageKind:
    """Say what a message is; far below a millisecond."""
    if COMPLAINT.search(text):
        return MessageKind.COMPLAINT
    return MessageKind.QUESTION if QUESTION.search(text) else MessageKind.CHAT
