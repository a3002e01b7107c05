"""Anyone checks a draw from a file, without the shop."""

import json
from pathlib import Path
from typing import Any

import pytest

from xinbo.cli import main
from xinbo.live.games._rules import draw, receipts
from xinbo.live.games._rules.draw import Line

SEED = bytes(range(32))
KEY = bytes(range(32, 64))


def made(entries: int = 5) -> dict[str, Any]:
    """Make the record of an honest draw as the API gives it."""
    run_id = "0199e1f0-0000-7000-8000-000000000001"
    terms = json.dumps(
        {
            "version": draw.VERSION,
            "runId": run_id,
            "kind": "lottery",
            "prizes": [{"kind": "goods", "name": "x", "value": 100, "count": 2}],
            "packets": 0,
            "points": 0,
            "perPerson": 0,
            "receiptKey": receipts.public(KEY),
        }
    )
    lines = draw.listed([Line(draw.digest(str(n)), "", "") for n in range(entries)])
    hashed = draw.list_hash(run_id, lines)
    terms_hash = draw.digest(terms)
    return {
        "version": draw.VERSION,
        "runId": run_id,
        "terms": terms,
        "termsHash": terms_hash,
        "commitment": draw.commitment(run_id, terms_hash, SEED.hex(), ""),
        "state": "revealed",
        "listHash": hashed,
        "entries": [" ".join(line) for line in lines],
        "seed": SEED.hex(),
        "answer": "",
        "winners": [lines[place].entry for place in draw.shuffled(entries, 2, SEED, hashed)],
        "packets": [],
        "caught": [],
    }


def written(folder: Path, content: object) -> str:
    file = folder / "draw.json"
    file.write_text(json.dumps(content))
    return str(file)


def test_an_honest_draw_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify-draw", written(tmp_path, made())]) == 0
    assert capsys.readouterr().out.endswith("checked\n")


def test_a_file_that_was_tampered_with_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = made()
    record["winners"] = record["winners"][::-1]
    assert main(["verify-draw", written(tmp_path, record)]) == 1
    said = capsys.readouterr().out
    assert "WRONG   the winners are those whom seed and list name" in said
    assert said.endswith("NOT GENUINE\n")


def test_what_was_noted_is_compared(tmp_path: Path) -> None:
    record = made()
    file = written(tmp_path, record)
    assert main(["verify-draw", file, "--commitment", record["commitment"]]) == 0
    assert main(["verify-draw", file, "--commitment", "0" * 64]) == 1
    assert main(["verify-draw", file, "--list-hash", "0" * 64]) == 1


def test_a_receipt_of_a_dropped_entry_fails(tmp_path: Path) -> None:
    record = made()
    receipt = tmp_path / "receipt.json"

    def check(entry: str) -> int:
        signature = receipts.sign(KEY, record["runId"], entry, "", "")
        promise = {"runId": record["runId"], "entry": entry, "nonce": "", "answer": ""}
        receipt.write_text(json.dumps(promise | {"signature": signature}))
        return main(["verify-draw", written(tmp_path, record), "--receipt", str(receipt)])

    assert check(record["entries"][0].split(" ")[0]) == 0
    assert check(draw.digest("dropped")) == 1


def test_before_the_result_it_says_so(tmp_path: Path) -> None:
    record = made()
    record.update(seed=None, answer=None, winners=[])
    assert main(["verify-draw", written(tmp_path, record)]) == 3


@pytest.mark.parametrize("content", ["[]", "{}", "not json", ""])
def test_rubbish_is_unreadable(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(content)
    assert main(["verify-draw", str(file)]) == 2
    assert main(["verify-draw", str(tmp_path / "missing.json")]) == 2
