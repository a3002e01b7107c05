"""What sending costs, tried on every case."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.freight import ChargedBy, Parcel, Zone
from xinbo.commerce.freight._rules import fee, is_free, matches, plain, units_of, zone_of

AREAS = Path(__file__).parents[3] / "web" / "node_modules" / "@vant" / "area-data" / "dist"
HANGZHOU = ["浙江省", "杭州市", "西湖区"]

zones = st.builds(
    Zone,
    places=st.just([]),
    deliver=st.sampled_from([True]),
    first=st.integers(1, 5000),
    first_fee=st.integers(0, 100_000),
    further=st.integers(1, 5000),
    further_fee=st.integers(0, 100_000),
    free_amount=st.none() | st.integers(0, 100_000),
    free_pieces=st.none() | st.integers(1, 100),
)
parcels = st.lists(
    st.builds(
        Parcel,
        sku_id=st.uuids(),
        product_id=st.uuids(),
        quantity=st.integers(1, 999),
        grams=st.integers(0, 50_000),
        amount=st.integers(0, 10_000_000),
    ),
    max_size=6,
)


def zone(*places: list[str], deliver: bool = True, first_fee: int = 800) -> Zone:
    return Zone(
        places=list(places),
        deliver=deliver,
        first=1,
        first_fee=first_fee,
        further=1,
        further_fee=200,
    )


@given(zones, st.integers(0, 10_000_000), st.integers(0, 10_000_000))
def test_more_never_costs_less_and_nothing_costs_less_than_nothing(
    each: Zone, units: int, more: int
) -> None:
    assert 0 <= fee(each, units) <= fee(each, units + more)


@given(zones, st.integers(1, 100_000))
def test_begun_units_are_charged_whole_and_no_more(each: Zone, units: int) -> None:
    beyond = max(0, units - each.first)
    charged = fee(each, units) - each.first_fee
    assert charged * each.further >= beyond * each.further_fee
    assert (charged - each.further_fee) * each.further < max(1, beyond * each.further_fee)


@given(zones, parcels, parcels)
def test_what_is_free_stays_free_when_more_is_bought(
    each: Zone, some: list[Parcel], more: list[Parcel]
) -> None:
    if is_free(each, some):
        assert is_free(each, [*some, *more])


@given(parcels)
def test_pieces_and_grams_are_counted(some: list[Parcel]) -> None:
    pieces = [
        Parcel(sku_id=p.sku_id, product_id=p.product_id, quantity=1, grams=p.grams, amount=0)
        for p in some
        for _ in range(p.quantity)
    ]
    for by in ChargedBy:
        assert units_of(by, some) == units_of(by, pieces)


def test_the_first_piece_and_each_further_one_are_charged() -> None:
    assert [fee(zone(), pieces) for pieces in (0, 1, 2, 5)] == [0, 800, 1000, 1600]


def test_the_most_exact_place_decides() -> None:
    everywhere, province = zone(first_fee=1), zone(["浙江省"], first_fee=2)
    city, district = zone(["浙江", "杭州"], first_fee=3), zone(HANGZHOU, first_fee=4)
    assert zone_of([everywhere, province, city, district], HANGZHOU) == district
    assert zone_of([district, city, province, everywhere], [*HANGZHOU[:2], "余杭区"]) == city
    assert zone_of([province, everywhere], HANGZHOU) == province
    assert zone_of([everywhere, province], ["江苏省", "南京市"]) == everywhere
    assert zone_of([province], ["江苏省", "南京市"]) is None


def test_an_address_that_names_less_than_the_place_is_not_in_it() -> None:
    assert not matches(["浙江省", "杭州市"], ["浙江省"])
    assert matches(["内蒙古"], ["内蒙古自治区", "呼和浩特市"])


@pytest.fixture(scope="module")
def areas() -> dict[str, dict[str, str]]:
    """The regions of the address form: codes and names, of provinces, cities, districts."""
    if not AREAS.exists():
        pytest.fail("run `npm ci` in web: the regions of the pages are not there")
    script = f"console.log(JSON.stringify(require({str(AREAS / 'index.cjs')!r}).areaList))"
    out = subprocess.run(["node", "-e", script], capture_output=True, check=True)  # noqa: S603, S607
    return json.loads(out.stdout)


def test_every_region_of_the_address_form_is_found_by_its_full_and_its_short_name(
    areas: dict[str, dict[str, str]],
) -> None:
    provinces, cities = areas["province_list"], areas["city_list"]
    assert len(provinces) > 30
    for code, city in cities.items():
        province = provinces[f"{code[:2]}0000"]
        region = [province, city, "某区"]
        named = zone([province, city], first_fee=7)
        assert zone_of([zone(), named], region) == named
        assert zone_of([zone(), zone([plain(province), plain(city)])], region) != zone()


def test_no_two_provinces_or_cities_of_one_province_are_taken_for_each_other(
    areas: dict[str, dict[str, str]],
) -> None:
    provinces = sorted(plain(name) for name in areas["province_list"].values())
    assert all(one != other for one, other in pairwise(provinces))
    for code in areas["province_list"]:
        inside = sorted(
            {plain(name) for key, name in areas["city_list"].items() if key[:2] == code[:2]}
        )
        full = {name for key, name in areas["city_list"].items() if key[:2] == code[:2]}
        assert len(inside) == len(full)
