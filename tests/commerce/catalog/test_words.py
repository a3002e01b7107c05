"""What somebody types finds what it should: as a property of all titles, and by example."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinbo.commerce.catalog._rules import clean, words
from xinbo.commerce.catalog._rules.measures import unit_price
from xinbo.commerce.catalog._rules.trees import DEEPEST, Node, below, places

MERCHANT = "0" * 32
han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12)
anything = st.text(max_size=80)


def titled(title: str) -> list[str]:
    return words.words_of(MERCHANT, words.Text(title, "", "", "", [], {}))


@given(anything, anything, st.lists(anything, max_size=3))
@settings(max_examples=200, deadline=None)
def test_any_text_makes_words_and_a_question(title: str, q: str, codes: list[str]) -> None:
    found = words.words_of(MERCHANT, words.Text(clean(title), q, q, title, codes, {"k": q}))
    question = words.question(MERCHANT, q)

    assert len(set(found)) == len(found)
    assert all(each and "\n" not in each for each in found if each.isprintable())
    assert question.anywhere


@given(han)
@settings(max_examples=100, deadline=None)
def test_a_title_has_the_words_for_its_characters_and_their_neighbours(title: str) -> None:
    said = words.plain(title)
    found = set(titled(title))

    assert set(said) <= found
    assert {said[at : at + 2] for at in range(len(said) - 1)} <= found
    assert titled(title) == titled(said)


@pytest.mark.parametrize(
    ("q", "way"),
    [
        ("baoshi", ("bao", "shi")),
        ("baosms", ("bao", "s", "m", "s")),
        ("bs", ("b", "s")),
        ("mianshu", ("mian", "shu")),
        ("lvcha", ("lv", "cha")),
    ],
)
def test_letters_are_read_as_syllables_initials_or_a_mixture(q: str, way: tuple[str, ...]) -> None:
    assert words.ways(q)[0] == way


def test_letters_that_may_be_one_syllable_or_two_are_read_both_ways() -> None:
    assert {("xian",), ("xi", "an")} <= set(words.ways("xian"))


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=30))
@settings(deadline=None)
def test_a_reading_says_every_letter_once(q: str) -> None:
    ways = words.ways(q)
    assert all("".join(way) == q for way in ways)
    assert len(ways) <= words.MOST_READINGS


@pytest.mark.parametrize("q", ["面", "面霜", "mian", "mianshuang", "ms", "MS", "面霜 "])
def test_a_name_is_known_by_what_is_typed_of_it(q: str) -> None:
    assert words.matches("面霜", q)
    assert not words.matches("茶具", q)


@pytest.mark.parametrize(
    ("price", "content", "unit", "said"),
    [
        (9900, 30, "ml", (33000, 100)),
        (9900, 500, "g", (1980, 100)),
        (1000, 3, "piece", (333, 1)),
        (5, 1000, "ml", (1, 100)),
        (9900, None, "ml", None),
        (9900, 1, "piece", None),
    ],
)
def test_prices_of_packs_of_different_sizes_compare(
    price: int, content: int | None, unit: str, said: tuple[int, int] | None
) -> None:
    found = unit_price(price, content, unit)
    assert (found and (found.price, found.per)) == said


ids = st.integers(0, 7).map(lambda number: UUID(int=number + 1))
rules = st.sampled_from([None, "no_returns", "unless_opened"])


@given(st.dictionaries(ids, st.tuples(st.none() | ids, rules), max_size=8))
def test_every_category_has_a_way_to_a_root_or_the_tree_is_refused(
    said: dict[UUID, tuple[UUID | None, str | None]],
) -> None:
    nodes = {
        key: Node(parent if parent in said else None, rule) for key, (parent, rule) in said.items()
    }
    placed = places(nodes)
    if placed is None:
        return
    for key, place in placed.items():
        assert place.path[0] == key
        assert len(place.path) <= DEEPEST
        assert nodes[place.path[-1]].parent_id is None
        own = nodes[key].return_rule
        assert place.rule == (
            own or placed[place.path[1]].rule if len(place.path) > 1 else own or "seven_days"
        )
    parents = {key: node.parent_id for key, node in nodes.items()}
    for key in nodes:
        assert set(below(parents, key)) == {each for each in nodes if key in placed[each].path}
