"""Whatever is sent to any route, by whomever: no fault of ours comes back."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, cast

import msgspec
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings

from tests.http.conftest import application
from tests.http.contract import DOCUMENT, camel
from tests.http.support import World, built
from xinbo.engines.blobs import Blobs
from xinbo.engines.bus import connect
from xinbo.engines.embedded import Nats, free_port
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database

schema: Any = schemathesis.openapi.from_dict(DOCUMENT)
EXAMPLES = 15
PATIENCE = 60


class Site:
    """The web process on a socket, on a thread of its own, and the merchant in it."""

    def __init__(self, url: str, nats_url: str, web: Settings) -> None:
        self.address = f"http://127.0.0.1:{web.web_port}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.run(self._open(url, nats_url, web))

    def run[Result](self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do something on the loop where the database lives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _open(self, url: str, nats_url: str, web: Settings) -> None:
        self._bus = await connect(nats_url)
        self._database = Database(url, RecordedJobs(), blobs=Blobs(web.data / "blobs"))
        self.world: World = await built(self._database)
        config = uvicorn.Config(
            application(self._database, web, self._bus), port=web.web_port, log_level="error"
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:  # noqa: ASYNC110 # uvicorn has no event for it
            await asyncio.sleep(0.01)

    async def _close(self) -> None:
        self._server.should_exit = True
        await self._serving
        await self._database.engine.dispose()
        await self._bus.close()

    def close(self) -> None:
        """Stop serving."""
        self.run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="module")
def site(database_url: str, nats: Nats, settings: Settings) -> Iterator[Site]:
    site = Site(database_url, nats.url, msgspec.structs.replace(settings, web_port=free_port()))
    yield site
    site.close()


SEARCH = hypothesis_settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@schema.parametrize()
@SEARCH
def test_no_request_makes_a_fault(case: Any, site: Site) -> None:
    """Send it as nobody to made-up ids, and as shopper and owner to ids that exist."""
    ids = site.world.shown
    real = {name: value for name, value in ids.items() if name in case.path_parameters}
    known = {camel(name): value for name, value in ids.items()}
    for people in ((), site.run(site.world.signed_in())):
        if people:
            case.path_parameters |= real
            case.body = _naming(case.body, known)
        cookies = {name: value for each in people for name, value in each.cookies.items()}
        answer = case.call(
            base_url=site.address,
            headers={"X-Merchant": site.world.slug, "X-Requested-With": "test"},
            cookies=cookies,
            timeout=PATIENCE,
        )
        if answer.status_code >= 500:
            told = f"{answer.status_code} {answer.text} to {case.as_curl_command()}"
            assert answer.json()["type"] == "BusAway", told


def _naming(body: Any, known: dict[str, str]) -> Any:
    """Put ids that exist into the fields that are named so."""
    match body:
        case dict():
            fields = cast("dict[str, Any]", body)
            return {name: known.get(name, _naming(field, known)) for name, field in fields.items()}
        case list():
            return [_naming(each, known) for each in cast("list[Any]", body)]
        case _:
            return body
