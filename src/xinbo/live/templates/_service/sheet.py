"""The run-of-show as a workbook, and a workbook read as a run-of-show.

The columns are the plan's own words. Goods, promotions and games stand by their names, because
people read them; a SKU code is understood too. Reading changes nothing: the editor takes what
was read as one change more, to be looked at, undone or saved.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import time
from uuid import UUID

import msgspec

from xinbo.commerce import catalog, promotions
from xinbo.engines.sheets import Cell, SheetRefused, read_xlsx, xlsx
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.live import games, shows
from xinbo.live.shows import Claim, Cue, CueFormat, CueKind, PutCue
from xinbo.live.templates._types import RowFault, SheetRead

LARGEST = 2_000_000
MOST_ROWS = 200
MOST_COLUMNS = 40
MOST_NAMED = 100
SHOWN = 80
LATEST = 1_440
"""Minutes after the start at which a cue may begin at most."""
MOST_GOODS = MOST_CLAIMS = 20
MOST_WORDS = 50
LONGEST = {
    "title": 80,
    "points": 4_000,
    "owner": 40,
    "notes": 2_000,
    "claim": 200,
    "proof": 500,
    "word": 40,
}
"""Characters, as `shows.PutCue` allows them."""

COLUMNS = {
    "starts": ("开始", 8),
    "minutes": ("时长（分钟）", 12),
    "kind": ("类型", 8),
    "format": ("形式", 8),
    "title": ("环节", 28),
    "goods": ("商品", 36),
    "pin": ("弹出商品", 10),
    "promotion": ("促销", 20),
    "game": ("游戏", 20),
    "points": ("讲解要点", 48),
    "claims": ("宣称｜依据", 40),
    "forbidden": ("禁用词", 20),
    "owner": ("负责人", 14),
    "target": ("目标件数", 10),
    "notes": ("备注", 28),
    "id": ("编号（勿改）", 38),
}
NEEDED = ("minutes", "kind", "title")
KINDS = {
    CueKind.PRODUCT: "讲解",
    CueKind.INTERACTION: "互动",
    CueKind.PROMOTION: "促销",
    CueKind.STORY: "品牌故事",
    CueKind.BREAK: "休息",
    CueKind.GUEST: "嘉宾",
}
FORMATS = {
    CueFormat.SOLO: "单人",
    CueFormat.DUO: "双人",
    CueFormat.SCENE: "场景",
    CueFormat.GAME: "游戏",
}
YES = "是"
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?")
_PROOF = re.compile(r"\s*[｜|]\s*")
_WORDS = re.compile(r"[\n，,、;；]+")


class Names(msgspec.Struct):
    """What a show's cues may name, both ways."""

    goods: dict[UUID, str]
    codes: dict[str, UUID]
    promotions: dict[UUID, str]
    games: dict[UUID, str]


async def export(tx: Tx, show_id: UUID) -> bytes:
    """Return the run-of-show as XLSX, with Chinese heads."""
    require(tx, Can.SEE_CONSOLE)
    plan = await shows.plan(tx, show_id)
    names = await _names(tx, show_id, plan.cues)
    rows = [_row(cue, names) for cue in plan.cues]
    return await asyncio.to_thread(xlsx, "流程", list(COLUMNS.values()), rows)


async def read(tx: Tx, show_id: UUID, content: bytes) -> SheetRead:
    """Read a workbook for a show's run-of-show; every fault with its row and column.

    Raises `SheetRefused` where the file is no such sheet at all.
    """
    require(tx, Can.PLAN_SHOWS)
    plan = await shows.plan(tx, show_id)
    lines = await asyncio.to_thread(
        read_xlsx, content, largest=LARGEST, rows=MOST_ROWS + 1, columns=MOST_COLUMNS
    )
    heads = _heads(lines[0] if lines else [])
    names = await _names(tx, show_id, plan.cues)
    reader = _Reader(names, {cue.id for cue in plan.cues})
    cues: list[PutCue] = []
    rows = 0
    for number, line in enumerate(lines[1:], 2):
        cells = {key: line[at] if at < len(line) else "" for key, at in heads.items()}
        if not any(cells.values()):
            continue
        rows += 1
        cue = reader.cue(number, cells)
        if cue is not None:
            cues.append(cue)
    return SheetRead(rows=rows, cues=[] if reader.faults else cues, faults=reader.faults)


def _heads(line: Sequence[str]) -> dict[str, int]:
    known = {_plain(name): key for key, (name, _) in COLUMNS.items()}
    found = {known[_plain(name)]: at for at, name in enumerate(line) if _plain(name) in known}
    if missing := [COLUMNS[key][0] for key in NEEDED if key not in found]:
        raise SheetRefused(reason="unknown_columns", columns=missing)
    return found


def _plain(name: str) -> str:
    """Read a head without its remarks in brackets and its spaces."""
    return re.sub(r"[（(].*?[）)]|\s", "", name).replace("|", "｜")


async def _names(tx: Tx, show_id: UUID, cues: Sequence[Cue]) -> Names:
    items = await shows.line_up(tx, show_id)
    products = await catalog.products(tx, [item.product_id for item in items])
    fired = {
        each.id: each.name
        for each in (await promotions.page_of(tx, None, MOST_NAMED, venue_id=show_id)).items
    }
    for cue in cues:
        if cue.promotion_id is not None and cue.promotion_id not in fired:
            fired[cue.promotion_id] = (await promotions.get(tx, cue.promotion_id)).name
    played = (await games.page_of(tx, show_id, None, MOST_NAMED)).items
    return Names(
        goods={product.id: product.title for product in products},
        codes={sku.code: product.id for product in products for sku in product.skus},
        promotions=fired,
        games={game.id: game.title for game in played},
    )


def _row(cue: Cue, names: Names) -> list[Cell]:
    told = {
        "starts": "" if cue.starts_minute is None else clock(cue.starts_minute),
        "minutes": cue.minutes,
        "kind": KINDS[cue.kind],
        "format": FORMATS[cue.format],
        "title": cue.title,
        "goods": "\n".join(names.goods.get(each, "") for each in cue.product_ids),
        "pin": YES if cue.product_id is not None else "",
        "promotion": names.promotions.get(cue.promotion_id, "") if cue.promotion_id else "",
        "game": names.games.get(cue.game_id, "") if cue.game_id else "",
        "points": cue.talking_points,
        "claims": "\n".join(f"{each.text}｜{each.evidence}" for each in cue.claims),
        "forbidden": "、".join(cue.forbidden),
        "owner": cue.owner,
        "target": cue.target_units,
        "notes": cue.notes,
        "id": str(cue.id),
    }
    return [told[key] for key in COLUMNS]


def clock(minute: int) -> str:
    """Write minutes after the start as `1:05`."""
    return f"{minute // 60}:{minute % 60:02}"


class _Reader:
    """Reads rows one by one and keeps what is wrong with them."""

    def __init__(self, names: Names, known: set[UUID]) -> None:
        self.names = names
        self.known = known
        self.faults: list[RowFault] = []
        self.seen: set[UUID] = set()
        self.row = 0

    def cue(self, row: int, cells: Mapping[str, str]) -> PutCue | None:
        """Read a row; None, with faults noted, where it cannot be meant."""
        self.row = row
        before = len(self.faults)
        goods = self._goods(cells.get("goods", ""))
        pin = cells.get("pin", YES if goods else "") != ""
        claims = self._claims(cells.get("claims", ""))
        kind = self._word("kind", cells, KINDS, None)
        format_ = self._word("format", cells, FORMATS, CueFormat.SOLO)
        fields: dict[str, object] = {
            "starts_minute": self._starts(cells.get("starts", "")),
            "minutes": self._number("minutes", cells, 1, 600) or 1,
            "product_id": goods[0] if goods and pin else None,
            "product_ids": goods,
            "promotion_id": self._named("promotion", cells, self.names.promotions),
            "game_id": self._named("game", cells, self.names.games),
            "claims": claims,
            "forbidden": self._forbidden(cells.get("forbidden", "")),
            "target_units": self._number("target", cells, 0, 100_000_000),
            "title": self._text("title", cells),
            "talking_points": self._text("points", cells),
            "owner": self._text("owner", cells),
            "notes": self._text("notes", cells),
            "id": self._id(cells.get("id", "")),
        }
        if not cells.get("minutes", ""):
            self._fault("minutes", "", "missing")
        if not fields["title"]:
            self._fault("title", "", "missing")
        if kind is None or format_ is None or len(self.faults) > before:
            return None
        return PutCue(kind=kind, format=format_, **fields)  # pyright: ignore[reportArgumentType] # read field by field above

    def _fault(self, key: str, value: str, why: str) -> None:
        fault = RowFault(row=self.row, column=COLUMNS[key][0], value=value[:SHOWN], why=why)
        self.faults.append(fault)

    def _text(self, key: str, cells: Mapping[str, str]) -> str:
        text = cells.get(key, "")
        if len(text) > LONGEST[key]:
            self._fault(key, text, "too_long")
        return text

    def _number(self, key: str, cells: Mapping[str, str], least: int, most: int) -> int | None:
        text = cells.get(key, "")
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= most:
            self._fault(key, text, "no_number")
            return None
        return int(text)

    def _starts(self, text: str) -> int | None:
        if not text:
            return None
        if text.isascii() and text.isdigit() and int(text[:6]) <= LATEST:
            return int(text)
        found = _CLOCK.fullmatch(text)
        if found is None or int(found[2]) >= time.max.minute + 1:
            self._fault("starts", text, "no_time")
            return None
        return int(found[1]) * 60 + int(found[2])

    def _word[Each: (CueKind, CueFormat)](
        self, key: str, cells: Mapping[str, str], words: Mapping[Each, str], empty: Each | None
    ) -> Each | None:
        text = cells.get(key, "")
        for each, word in words.items():
            if text in (word, each.value):
                return each
        if text or empty is None:
            self._fault(key, text, "unknown_word" if text else "missing")
            return None
        return empty

    def _goods(self, text: str) -> list[UUID]:
        found: list[UUID] = []
        for name in filter(None, (each.strip() for each in text.split("\n"))):
            ids = [each for each, title in self.names.goods.items() if title == name]
            if name in self.names.codes:
                ids.append(self.names.codes[name])
            if len(set(ids)) != 1:
                self._fault("goods", name, "ambiguous" if ids else "not_on_line_up")
            elif ids[0] not in found:
                found.append(ids[0])
        if len(found) > MOST_GOODS:
            self._fault("goods", "", "too_many")
        return found

    def _named(self, key: str, cells: Mapping[str, str], known: Mapping[UUID, str]) -> UUID | None:
        name = cells.get(key, "")
        if not name:
            return None
        ids = [each for each, said in known.items() if said == name]
        if len(ids) != 1:
            self._fault(key, name, "ambiguous" if ids else "unknown_name")
            return None
        return ids[0]

    def _claims(self, text: str) -> list[Claim]:
        claims: list[Claim] = []
        for line in filter(None, (each.strip() for each in text.split("\n"))):
            said, _, proof = _PROOF.sub("｜", line, count=1).partition("｜")
            if not said or len(said) > LONGEST["claim"] or len(proof) > LONGEST["proof"]:
                self._fault("claims", line, "too_long" if said else "missing")
                continue
            claims.append(Claim(text=said, evidence=proof))
        if len(claims) > MOST_CLAIMS:
            self._fault("claims", "", "too_many")
        return claims

    def _forbidden(self, text: str) -> list[str]:
        words = list(dict.fromkeys(filter(None, (each.strip() for each in _WORDS.split(text)))))
        if any(len(word) > LONGEST["word"] for word in words):
            self._fault("forbidden", text, "too_long")
        if len(words) > MOST_WORDS:
            self._fault("forbidden", "", "too_many")
        return words

    def _id(self, text: str) -> UUID | None:
        """Keep the id of a cue of this show; any other text makes a new one."""
        try:
            cue_id = UUID(text)
        except ValueError:
            return None
        if cue_id not in self.known or cue_id in self.seen:
            return None
        self.seen.add(cue_id)
        return cue_id
