"""How a risk is weighed, and what the house's own playbooks hold."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.kit.ids import new_id
from xinbo.live.contingency import IncidentKind, RiskLevel, StepAction
from xinbo.live.contingency._rules import (
    FORESEEN,
    OF_A_HERO,
    level_of,
    score_of,
    standard,
    standard_ids,
)

ORDER = [RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH, RiskLevel.EXTREME]
degrees = st.integers(min_value=1, max_value=5)
WORDS = Path(__file__).parents[3] / "web/apps/console/src/messages"


@given(degrees, degrees, degrees, degrees)
def test_a_likelier_or_worse_risk_is_never_in_a_lower_band(
    probability: int, impact: int, likelier: int, worse: int
) -> None:
    more = level_of(max(probability, likelier), max(impact, worse))
    assert ORDER.index(more) >= ORDER.index(level_of(probability, impact))
    assert level_of(probability, impact) == level_of(impact, probability)


def test_the_matrix_has_all_four_bands_and_its_corners_are_right() -> None:
    assert {level_of(*cell) for cell in product(range(1, 6), repeat=2)} == set(RiskLevel)
    assert (level_of(1, 1), level_of(5, 5)) == (RiskLevel.LOW, RiskLevel.EXTREME)
    assert (level_of(1, 5), level_of(2, 5), level_of(3, 5)) == (
        RiskLevel.MEDIUM,
        RiskLevel.HIGH,
        RiskLevel.EXTREME,
    )
    assert score_of(3, 4) == 12


@pytest.mark.parametrize("kind", IncidentKind)
def test_the_house_has_a_playbook_for_every_kind(kind: IncidentKind) -> None:
    book = standard(kind)
    assert len(book.steps) >= 5
    assert len({step.part for step in book.steps}) >= 2
    assert len({step.word for step in book.steps}) == len(book.steps)


def test_every_action_is_in_some_playbook_and_says_what_it_tells() -> None:
    steps = [step for kind in IncidentKind for step in standard(kind).steps]
    assert {step.action for step in steps} - {None} == set(StepAction)
    telling = {StepAction.NOTICE, StepAction.PRICE_CORRECTED, StepAction.REPLACE_PRODUCT}
    assert all(step.message for step in steps if step.action in telling)


def test_a_merchant_has_its_own_ids_for_them_every_time_the_same() -> None:
    mine, theirs = new_id(), new_id()
    assert list(standard_ids(mine)) == list(standard_ids(mine))
    assert not set(standard_ids(mine)) & set(standard_ids(theirs))


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_the_pages_have_words_for_all_that_the_house_brings(language: str) -> None:
    words: dict[str, Any] = json.loads((WORDS / f"{language}.json").read_text())["contingency"]
    steps = {step.word for kind in IncidentKind for step in standard(kind).steps}
    assert set(words["house"]["steps"]) == steps
    assert set(words["house"]["titles"]) == {standard(kind).word for kind in IncidentKind}
    assert set(words["house"]["risks"]) == {each.kind.value for each in (*FORESEEN, OF_A_HERO)}
