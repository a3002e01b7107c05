"""Which two questions are the same one: by what they are about and by their letters.

Two questions are compared by their shapes: the text without what everyone says around a question
(greetings, particles, politeness), with the many words for one thing written as one. Shapes are
alike by the share of their letter pairs that both have (Jaccard).
"""

import re
from collections.abc import Sequence

from xinbo.kit.reading import plain
from xinbo.live.questions._rules.topics import QuestionTopic

KEPT = 6
"""Shapes that a group is compared by."""

ALIKE = 0.5
"""From which share on two shapes of one topic are the same question."""

NO_TOPIC = 0.6
"""The same where neither says what it is about: their letters are all there is."""

_AROUND = re.compile(
    r"请问|麻烦|问一下|问下|想问|谢谢|主播|老师|姐姐|小姐姐|宝子|宝宝们|家人们|亲|你好|您好|哈喽|hello|hi\b|please|\bthe\b"
    r"|\bis\b|\bit\b|\bthis\b|\bdoes\b|\bdo\b|\bare\b"
)
_PARTICLES = re.compile(
    r"[吗呢么呀啊吧嘛哦噢哈的了啦这那个款件它我你您能可以会是有没不要想就还都在一下请给]"
)
_SAME: tuple[tuple[str, str], ...] = (
    (r"(.)[不没]\1", r"\1"),
    (
        r"多少钱|什么价格?|啥价格?|价格多少|多少米|几块钱?|怎么卖|价钱|价格|到手价?|how much|price",
        "¥",
    ),
    (r"发货|发出|寄出|送到|寄到|到货|几天到|多久到|什么时候到|啥时候到", "运"),
    (r"什么时候|啥时候|多久|几天|几号|多长时间|何时|when", "时"),
    (r"怎么用|如何用|如何使用|怎么使用|用法|使用方法", "用法"),
    (r"尺码|尺寸|码数|大小|size", "码"),
    (r"穿(?:多大|几码|什么码|哪个码|啥码)|选(?:多大|几码|什么码|哪个码|啥码)|多大码?", "码"),
    (r"敏感肌肤?|敏感皮肤?|敏感皮|敏皮|敏感性皮肤|敏肌", "敏肌"),
    (r"油性皮肤|油性肤质|油皮肤|大油田|油性", "油皮"),
    (r"干性皮肤|干性肤质|干性", "干皮"),
    (r"怀孕|孕妇|孕期|孕妈|准妈妈", "孕"),
    (r"哺乳期|哺乳", "哺乳"),
    (r"现货|库存|有货|没货|还剩|断货|补货|in stock", "货"),
    (r"邮费|运费|包邮|邮资", "邮"),
    (r"优惠券|优惠卷|券|coupon", "券"),
    (r"正品|保真|真货|真的假的|是真的|假货", "真"),
    (r"退货|退换|退款|能退|包退", "退"),
    (r"含有?|添加|有加", ""),
    (r"适合|适用|能用|可以用|可用", "合"),
    (r"[0-9]+(?:\.[0-9]+)?(?: ?(?:斤|kg|公斤|cm|厘米|米))", "#"),
)
_WRITTEN = tuple((re.compile(words), one) for words, one in _SAME)
_REST = re.compile(r"[^\w¥#]+")


def shape(text: str) -> str:
    """Reduce a text to what is compared. Never empty, unless the text is."""
    said = plain(text)
    for words, one in _WRITTEN:
        said = words.sub(one, said)
    bare = _REST.sub("", _PARTICLES.sub("", _AROUND.sub("", said)))
    return bare or _REST.sub("", said) or said


def alike(one: str, other: str) -> float:
    """Return the share of letter pairs that two shapes have in common, 0 to 1."""
    mine, theirs = _pairs(one), _pairs(other)
    return len(mine & theirs) / len(mine | theirs)


def closest(new: str, topic: QuestionTopic, known: Sequence[Sequence[str]]) -> int | None:
    """Say which of several groups of one topic and product a new shape belongs to, if any."""
    least = NO_TOPIC if topic is QuestionTopic.OTHER else ALIKE
    best, most = None, least
    mine = _pairs(new)
    for at, shapes in enumerate(known):
        for each in shapes:
            theirs = _pairs(each)
            share = len(mine & theirs) / len(mine | theirs)
            if share > most or (best is None and share >= most):
                best, most = at, share
    return best


def _pairs(shape: str) -> set[str]:
    """List a shape's single letters and pairs, with its borders."""
    framed = f"^{shape}$"
    return {framed[at : at + 2] for at in range(len(framed) - 1)} | set(shape)
