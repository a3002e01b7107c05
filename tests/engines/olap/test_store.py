"""The embedded engine as we set it up."""
# ruff: noqa: S603 every command here is our own

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from tests.engines.olap.support import DATA
from xinbo.engines.olap import Store, StoreRefused

INSERTER = """
import asyncio, sys
from pathlib import Path
from xinbo.engines.olap import open_store

async def main():
    store = await open_store(Path(sys.argv[1]))
    await store.run("create table if not exists n (n Int64) engine = MergeTree order by n")
    (done,), = await store.rows("select count() from n")
    print(done, flush=True)
    for first in range(done, 10**9, 1000):
        await store.insert("n", [{"n": n} for n in range(first, first + 1000)])
        print(first + 1000, flush=True)

asyncio.run(main())
"""


def test_importing_it_loads_no_engine() -> None:
    code = (
        "import sys, xinbo.engines.olap; print('chdb' in sys.modules or 'pyarrow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"


@pytest.mark.anyio
async def test_rows_come_back_as_they_went_in(store: Store) -> None:
    await store.run(
        "create table t (id UUID, at DateTime64(3, 'UTC'), text String) engine = Memory"
    )
    row = (
        uuid4(),
        datetime(2026, 11, 11, 12, 0, 0, 123_000, tzinfo=UTC),
        "信\u0000播 '); \n drop table t",
    )
    await store.insert("t", [dict(zip(("id", "at", "text"), row, strict=True))])
    found = await store.rows("select * from t where text = {text:String}", text=row[2])
    assert found == [row]


@pytest.mark.anyio
async def test_a_refusal_says_what_the_engine_said(store: Store) -> None:
    with pytest.raises(StoreRefused, match="nowhere"):
        await store.rows("select * from nowhere")
    with pytest.raises(StoreRefused):
        await store.insert("nowhere", [{"a": 1}])


@pytest.mark.anyio
async def test_the_caches_are_kept_small(store: Store) -> None:
    rows = await store.rows(
        "select name, toInt64(value) from system.server_settings where name in "
        "('mark_cache_size', 'max_server_memory_usage')"
    )
    assert dict(rows) == {"mark_cache_size": 2**24, "max_server_memory_usage": 10**9}


@pytest.mark.usefixtures("store")
def test_a_second_process_is_kept_out_of_the_folder() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INSERTER, str(DATA / "analytics")],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode
    assert "StoreRefused" in done.stderr


def test_what_was_inserted_survives_a_kill(tmp_path: Path) -> None:
    said = 0
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", INSERTER, str(tmp_path / "a")],
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout
            found = int(child.stdout.readline())
            assert found >= said
            assert found % 1000 == 0
            for _ in range(5):
                said = int(child.stdout.readline())
            child.kill()
