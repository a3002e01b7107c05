"""A run-of-show goes out as a workbook, and comes back as it was or with every fault named."""

import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from tests.support import planned_show, product_on_sale
from xinbo.engines.sheets import SheetRefused, read_xlsx, xlsx
from xinbo.engines.tx import Tx
from xinbo.live import shows, templates
from xinbo.live.shows import Claim, CueFormat, CueKind, PutCue, PutCues
from xinbo.live.templates import BEAUTY, ApplyTemplate

pytestmark = pytest.mark.anyio

HEADS = ["开始", "时长（分钟）", "类型", "环节", "商品", "禁用词"]


def sheet(rows: Sequence[Sequence[object]], heads: Sequence[str] = HEADS) -> bytes:
    book = openpyxl.Workbook()
    page: Any = book.active
    page.append(list(heads))
    for row in rows:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def full(tx: Tx) -> tuple[UUID, shows.ShowPlan]:
    products = [await product_on_sale(tx) for _ in range(5)]
    show_id = await planned_show(tx, products)
    plan = await shows.plan(tx, show_id)
    slots = {f"hero{at}": each.id for at, each in enumerate(products, 1)}
    made = await templates.apply(
        tx, show_id, ApplyTemplate(template_id=BEAUTY, version=plan.version, slots=slots)
    )
    first = PutCue(
        kind=CueKind.PRODUCT,
        title="=危险的标题",
        minutes=10,
        product_id=None,
        product_ids=[products[1].id, products[0].id],
        notes="两行\n备注",
        starts_minute=65,
        format=CueFormat.DUO,
        claims=[Claim(text="无酒精", evidence="报告 2026-031"), Claim(text="温和")],
        forbidden=["最好", "100%"],
        owner="苏木",
        target_units=120,
    )
    put = PutCues(cues=[first], version=made.plan.version)
    kept = made.plan.cues
    plan = await shows.put_cues(tx, show_id, put)
    assert len(kept) == 19
    return show_id, plan


async def test_what_goes_out_comes_back_the_same(tx: Tx) -> None:
    show_id, plan = await full(tx)
    read = await templates.read(tx, show_id, await templates.export(tx, show_id))
    assert read.faults == []
    back = await shows.put_cues(tx, show_id, PutCues(cues=read.cues, version=plan.version))
    assert back.cues == plan.cues


async def test_games_and_promotions_come_back_by_their_names(tx: Tx) -> None:
    products = [await product_on_sale(tx) for _ in range(5)]
    show_id = await planned_show(tx, products)
    plan = await shows.plan(tx, show_id)
    slots = {f"hero{at}": each.id for at, each in enumerate(products, 1)}
    made = await templates.apply(
        tx, show_id, ApplyTemplate(template_id=BEAUTY, version=plan.version, slots=slots)
    )
    read = await templates.read(tx, show_id, await templates.export(tx, show_id))
    assert [(c.game_id, c.promotion_id) for c in read.cues] == [
        (c.game_id, c.promotion_id) for c in made.plan.cues
    ]


async def test_one_bad_row_is_named_and_nothing_is_given(tx: Tx) -> None:
    product = await product_on_sale(tx)
    show_id = await planned_show(tx, [product])
    before = await shows.plan(tx, show_id)
    content = sheet(
        [
            ["0:00", 5, "品牌故事", "开场", "", "最好、第一"],
            ["0:65", 5, "讲解", "好", product.title, ""],
            ["", "五", "跳舞", "", "别的商品", ""],
            [None, None, None, None, None, None],
            ["", 4, "讲解", "按编码", product.skus[0].code, ""],
        ]
    )

    read = await templates.read(tx, show_id, content)

    assert (read.rows, read.cues) == (4, [])
    assert {(f.row, f.column, f.why) for f in read.faults} == {
        (3, "开始", "no_time"),
        (4, "时长（分钟）", "no_number"),
        (4, "类型", "unknown_word"),
        (4, "环节", "missing"),
        (4, "商品", "not_on_line_up"),
    }
    assert await shows.plan(tx, show_id) == before


async def test_a_code_names_its_product_and_words_may_stand_apart_in_any_way(tx: Tx) -> None:
    product = await product_on_sale(tx)
    show_id = await planned_show(tx, [product])
    content = sheet([["", 4, "讲解", "按编码", product.skus[0].code, "最好，第一\n顶级"]])
    (cue,) = (await templates.read(tx, show_id, content)).cues
    assert (cue.product_id, cue.product_ids) == (product.id, [product.id])
    assert cue.forbidden == ["最好", "第一", "顶级"]
    assert cue.id is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        ("开始,环节\n".encode(), "no_xlsx"),
        (b"PK\x03\x04 and then nothing", "broken"),
        (b"PK" + b"\x00" * 2_000_000, "too_many_bytes"),
        (sheet([], ["姓名", "电话"]), "unknown_columns"),
        (sheet([["", 1, "休息", "歇", "", ""]] * 201), "too_many_rows"),
    ],
)
async def test_a_file_that_is_no_run_of_show_is_refused_with_the_reason(
    content: bytes, reason: str, tx: Tx
) -> None:
    show_id = await planned_show(tx, [])
    with pytest.raises(SheetRefused) as refusal:
        await templates.read(tx, show_id, content)
    assert refusal.value.facts["reason"] == reason


def test_a_cell_that_looks_like_a_formula_is_written_and_read_as_text() -> None:
    content = xlsx("流程", [("环节", 10)], [["=1+1"], ["'引号"]])
    lines = read_xlsx(content, largest=100_000, rows=10, columns=3)
    assert [line[0] for line in lines] == ["环节", "=1+1", "'引号"]
