"""What holds at the border for every route: other sites, junk, refusals, commits."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import AsyncClient
from litestar import Litestar
from sqlalchemy import text

from tests.http.conftest import application
from tests.http.contract import operations
from tests.http.support import SITE, World, browser, built
from xinbo.engines.bus import Bus
from xinbo.engines.embedded import free_port
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database

pytestmark = pytest.mark.anyio

API = "/api/v1"
ADDRESS = {
    "name": "韩梅梅",
    "phone": "13800138000",
    "region": ["浙江省", "杭州市"],
    "street": "文三路 1 号",
    "isDefault": False,
}


@pytest.fixture
async def shopper(app: Litestar, ours: World) -> AsyncIterator[AsyncClient]:
    """A shopper's browser."""
    async with browser(app, ours.slug, ours.shopper) as client:
        yield client


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": f"{SITE}.elsewhere.example"},
        {"Origin": f"{SITE}:8081"},
        {"Origin": "https://elsewhere.example", "X-Requested-With": "XMLHttpRequest"},
    ],
    ids=str,
)
async def test_another_sites_page_changes_nothing(
    headers: dict[str, str], app: Litestar, ours: World
) -> None:
    before = await ours.digest()
    async with browser(app, ours.slug, ours.shopper, ours.owner, headers=headers) as client:
        for answer in (
            await client.post(f"{API}/me/addresses", json=ADDRESS),
            await client.delete(f"{API}/session"),
            await client.post(f"{API}/console/shows/{ours.shown['show_id']}/end"),
            await client.post(f"{API}/collect", content=b"{}"),
        ):
            told = answer.json()
            assert (answer.status_code, told["type"]) == (403, "CrossSiteRefused"), told
        assert (await client.get(f"{API}/me")).status_code == 200
    assert await ours.digest() == before


@pytest.mark.parametrize("headers", [{"Origin": SITE}, {"X-Requested-With": "xinbo"}], ids=str)
async def test_our_own_page_and_programs_may(
    headers: dict[str, str], app: Litestar, ours: World
) -> None:
    async with browser(app, ours.slug, ours.shopper, headers=headers) as client:
        assert (await client.post(f"{API}/me/addresses", json=ADDRESS)).status_code == 201


async def test_a_refusal_is_a_problem_document_with_facts(shopper: AsyncClient) -> None:
    nowhere = "01900000-0000-7000-8000-000000000000"
    refused = await shopper.put(f"{API}/me/addresses/{nowhere}", json=ADDRESS)
    assert refused.status_code == 404
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert refused.json() == {"type": "AddressNotFound", "status": 404, "addressId": nowhere}


async def test_too_many_tries_are_refused_with_the_time_to_wait(shopper: AsyncClient) -> None:
    phone = {"phone": "13900001111"}
    assert (await shopper.post(f"{API}/session/codes", json=phone)).status_code == 202
    refused = await shopper.post(f"{API}/session/codes", json=phone)
    told = refused.json()
    assert (refused.status_code, told["type"]) == (429, "TooManyAttempts")
    assert refused.headers["retry-after"] == str(told["retryAfter"])
    assert 0 < told["retryAfter"] <= 60


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (ADDRESS | {"phone": "letters"}, "phone"),
        (ADDRESS | {"name": ""}, "name"),
        (ADDRESS | {"region": ["浙江省", ""]}, "region"),
        (ADDRESS | {"isDefault": "yes"}, "isDefault"),
        (ADDRESS | {"unheardOf": 1}, "unheardOf"),
        ({"name": "韩梅梅"}, "phone"),
    ],
    ids=str,
)
async def test_what_cannot_be_read_is_refused_with_the_place(
    body: dict[str, object], at: str, shopper: AsyncClient
) -> None:
    refused = await shopper.post(f"{API}/me/addresses", json=body)
    told = refused.json()
    assert (refused.status_code, told["type"], told["status"]) == (400, "InvalidRequest", 400)
    assert any(at in f"{error['at']} {error['message']}" for error in told["errors"]), told


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "json"),
        (b"\xff\xfe", "json"),
        (b"", "json"),
        (b"[1", "json"),
        (b"a=1", "form"),
        (b'{"name": "\\ud800"}', "json"),
        pytest.param(b"[" * 100_000, "json", id="deep"),
    ],
    ids=str,
)
async def test_junk_is_refused_as_such(content: bytes, kind: str, shopper: AsyncClient) -> None:
    media = {"json": "application/json", "form": "application/x-www-form-urlencoded"}[kind]
    refused = await shopper.post(
        f"{API}/me/addresses", content=content, headers={"Content-Type": media}
    )
    assert (refused.status_code, refused.json()["type"]) == (400, "InvalidRequest"), refused.text


async def test_a_character_that_no_text_can_hold_is_refused_everywhere(
    app: Litestar, house: Database
) -> None:
    own = await built(house)
    async with browser(app, own.slug, own.owner, own.shopper) as client:
        for operation in (each for each in operations() if each.body and each.method != "delete"):
            answer, _ = await operation.ask(client, own.shown, words="null\0character")
            assert answer.status_code < 500, (str(operation), answer.text)


@pytest.mark.parametrize(
    "form",
    [
        {"data": {"note": "text"}, "files": {"empty": ("", b"")}},
        {"content": b"junk", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n"}
        | {"headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"json": {}},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/console/imports", "/console/products/{product_id}/pictures"])
async def test_an_upload_without_a_file_is_refused(
    path: str, form: dict[str, Any], app: Litestar, ours: World
) -> None:
    async with browser(app, ours.slug, ours.owner) as client:
        refused = await client.post(API + path.format_map(ours.shown), **form)
    assert refused.status_code in {400, 422}, refused.text


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/api/v1/orders/not-an-id"),
        ("GET", "/api/v1/nothing"),
        ("POST", "/api/v1/nothing"),
        ("DELETE", "/api/v2/me"),
        ("GET", "/api"),
        ("GET", "/api/"),
    ],
)
async def test_an_address_of_the_api_that_is_no_route_is_a_problem_not_a_page(
    method: str, address: str, shopper: AsyncClient
) -> None:
    refused = await shopper.request(method, address)
    assert refused.headers["content-type"].startswith("application/problem+json"), refused.text
    assert (refused.status_code, refused.json()["type"]) == (404, "RouteNotFound")


@pytest.mark.parametrize(
    "address",
    [
        "/console/products?query=%00",
        "/console/products?query=%FF",
        "/console/products?limit=101",
        "/products?cursor=%00",
        "/products?cursor=ffffffff",
        "/stock?sku=1",
        "/stock",
        f"/stock?{'&'.join(['sku=00000000-0000-0000-0000-000000000000'] * 201)}",
    ],
)
async def test_junk_in_an_address_is_no_fault_of_ours(
    address: str, app: Litestar, ours: World
) -> None:
    async with browser(app, ours.slug, ours.owner) as client:
        answer = await client.get(API + address)
    assert answer.status_code < 500, answer.text


async def test_a_method_that_a_route_does_not_know_is_told_so(shopper: AsyncClient) -> None:
    refused = await shopper.patch(f"{API}/cart")
    assert (refused.status_code, refused.json()["type"]) == (405, "MethodNotAllowed")


async def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(
    shopper: AsyncClient,
) -> None:
    large = b'{"name":"' + b"x" * 1_100_000 + b'"}'

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65_536):
            yield large[start : start + 65_536]

    for content in (large, in_pieces()):
        refused = await shopper.post(
            f"{API}/me/addresses", content=content, headers={"Content-Type": "application/json"}
        )
        assert (refused.status_code, refused.json()["type"]) == (413, "TooLarge")


async def test_no_answer_is_good_before_the_commit(shopper: AsyncClient, house: Database) -> None:
    """A constraint that PostgreSQL looks at last, as it commits, refuses one name."""
    name = "提交时拒绝"
    async with house.engine.begin() as connection:
        for statement in (
            f"""create function refuse_at_commit() returns trigger language plpgsql as
            $$ begin if new.name = '{name}' then raise 'refused at commit'; end if;
            return null; end $$""",
            """create constraint trigger refuse_at_commit after insert on address deferrable
            initially deferred for each row execute function refuse_at_commit()""",
        ):
            await connection.execute(text(statement))
    try:
        refused = await shopper.post(f"{API}/me/addresses", json=ADDRESS | {"name": name})
        assert (refused.status_code, refused.json()) == (
            500,
            {"type": "InternalError", "status": 500},
        )
        kept = (await shopper.get(f"{API}/me/addresses")).json()
        assert name not in {each["name"] for each in kept}
    finally:
        async with house.engine.begin() as connection:
            await connection.execute(text("drop function refuse_at_commit() cascade"))


async def test_a_database_that_is_away_is_said_to_be(wire: Bus, settings: Settings) -> None:
    nowhere = Database(f"postgresql+asyncpg://xinbo@127.0.0.1:{free_port()}/xinbo", RecordedJobs())
    async with browser(application(nowhere, settings, wire), "any") as client:
        refused = await client.get(f"{API}/shows")
    assert (refused.status_code, refused.json()["type"]) == (503, "DatabaseAway")
    assert refused.headers["retry-after"] == "1"
