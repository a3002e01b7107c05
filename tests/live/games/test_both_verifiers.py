"""The samples that the page's verifier is tested with check here as well: both say the same."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from xinbo.live.games import DrawRecord, Noted, genuine, verify

SAMPLES = Path(__file__).parents[3] / "web/apps/shop/src/games/draws.sample.json"
KINDS = ("lottery", "quiz", "guess", "rain")


@pytest.mark.parametrize("kind", KINDS)
def test_the_samples_of_the_page_check(kind: str) -> None:
    sample = msgspec.json.decode(SAMPLES.read_bytes(), type=dict[str, dict[str, Any]])[kind]
    record = msgspec.convert(sample["record"], DrawRecord)
    assert genuine(verify(record, Noted(receipt=sample["receipt"])))
