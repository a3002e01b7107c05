"""Carriers, and what their tracking numbers look like. Pure.

The formats are those that the carriers' own pages accept in 2026. They change without notice,
so a number that looks wrong is warned of and not refused; only what cannot be a number is.
"""

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple


class CarrierCode(StrEnum):
    """Who carries a parcel."""

    SF = "sf"
    YTO = "yto"
    ZTO = "zto"
    STO = "sto"
    YUNDA = "yunda"
    JTEXPRESS = "jtexpress"
    JD = "jd"
    EMS = "ems"
    DEPPON = "deppon"
    DHL = "dhl"
    FEDEX = "fedex"
    UPS = "ups"
    OTHER = "other"


class CarrierFacts(NamedTuple):
    """What is known of a carrier."""

    name: str
    english: str
    pattern: str
    """Of a whole tracking number, in capitals and without spaces."""
    address: str
    """Where anybody can follow a parcel; `{number}` stands for its number."""


CARRIERS: dict[CarrierCode, CarrierFacts] = {
    CarrierCode.SF: CarrierFacts(
        "顺丰速运",
        "SF Express",
        r"(SF)?[0-9]{12,15}",
        "https://www.sf-express.com/we/ow/chn/sc/waybill/waybill-detail/{number}",
    ),
    CarrierCode.YTO: CarrierFacts(
        "圆通速递", "YTO Express", r"(YT)?[0-9]{10,18}|[A-Z][0-9]{9}", "https://www.yto.net.cn/"
    ),
    CarrierCode.ZTO: CarrierFacts(
        "中通快递", "ZTO Express", r"[0-9]{12,15}", "https://www.zto.com/"
    ),
    CarrierCode.STO: CarrierFacts(
        "申通快递", "STO Express", r"[0-9]{12,15}", "https://www.sto.cn/"
    ),
    CarrierCode.YUNDA: CarrierFacts(
        "韵达快递", "Yunda Express", r"(YD)?[0-9]{13,15}", "https://www.yundaex.com/"
    ),
    CarrierCode.JTEXPRESS: CarrierFacts(
        "极兔速递", "J&T Express", r"(JT|UT|JTZ)?[0-9]{12,15}", "https://www.jtexpress.com.cn/"
    ),
    CarrierCode.JD: CarrierFacts(
        "京东快递", "JD Logistics", r"(JD|JDV|JDVA|VA|VB|VC)[0-9A-Z]{10,18}", "https://www.jdl.com/"
    ),
    CarrierCode.EMS: CarrierFacts(
        "邮政 EMS",
        "China Post EMS",
        r"[0-9]{13}|[A-Z]{2}[0-9]{9}[A-Z]{2}",
        "https://www.ems.com.cn/",
    ),
    CarrierCode.DEPPON: CarrierFacts(
        "德邦快递", "Deppon", r"(DPK)?[0-9]{8,14}", "https://www.deppon.com/"
    ),
    CarrierCode.DHL: CarrierFacts(
        "DHL",
        "DHL",
        r"[0-9]{10,11}|J[A-Z]{2,3}[0-9]{8,20}",
        "https://www.dhl.com/cn-zh/home/tracking.html?tracking-id={number}",
    ),
    CarrierCode.FEDEX: CarrierFacts(
        "联邦快递",
        "FedEx",
        r"[0-9]{12}|[0-9]{15}|[0-9]{20,22}",
        "https://www.fedex.com/fedextrack/?trknbr={number}",
    ),
    CarrierCode.UPS: CarrierFacts(
        "UPS",
        "UPS",
        r"1Z[0-9A-Z]{16}|[0-9]{9,12}",
        "https://www.ups.com/track?tracknum={number}",
    ),
    CarrierCode.OTHER: CarrierFacts("其他", "Other", r".+", ""),
}

_POSSIBLE = re.compile(r"[0-9A-Z]{5,40}")
_GAPS = re.compile(r"[\s\-_.]+")
_WHOLE = {code: re.compile(facts.pattern) for code, facts in CARRIERS.items()}


def canonical(number: str) -> str:
    """Write a tracking number as carriers do: capitals, no spaces, no full-width characters."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", number)).upper()


def possible(number: str) -> bool:
    """Say whether a canonical number can be one at all: 5 to 40 letters and digits."""
    return _POSSIBLE.fullmatch(number) is not None


def looks_right(carrier: CarrierCode, number: str) -> bool:
    """Say whether a canonical number looks like one of that carrier's."""
    return possible(number) and _WHOLE[carrier].fullmatch(number) is not None


def address_of(carrier: CarrierCode, number: str) -> str | None:
    """Return where anybody can follow the parcel, None where nobody knows."""
    return CARRIERS[carrier].address.format(number=number) or None


def find(name: str) -> CarrierCode | None:
    """Recognise a carrier by code, Chinese or English name, or the usual short form."""
    return _NAMES.get(_plain(name))


def _plain(name: str) -> str:
    word = _GAPS.sub("", unicodedata.normalize("NFKC", name)).casefold()
    for ending in ("有限公司", "公司", "速运", "速递", "快递", "物流", "express", "logistics"):
        if word != ending:
            word = word.removesuffix(ending)
    return word


_NAMES = {
    _plain(name): code
    for code, facts in CARRIERS.items()
    for name in (code.value, facts.name, facts.english)
} | {
    "ems": CarrierCode.EMS,
    "邮政": CarrierCode.EMS,
    "中国邮政": CarrierCode.EMS,
    "邮政ems": CarrierCode.EMS,
    "j&t": CarrierCode.JTEXPRESS,
    "jt": CarrierCode.JTEXPRESS,
    "jd": CarrierCode.JD,
    "京东": CarrierCode.JD,
    "fedex": CarrierCode.FEDEX,
}
