"""One connection to the analytics store, used from one thread."""

import asyncio
import importlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Self

import msgspec

LEAN = """\
<clickhouse>
  <!-- Written by Xinbo at each start. A store beside five other processes on one machine. -->
  <mark_cache_size>16777216</mark_cache_size>
  <index_mark_cache_size>4194304</index_mark_cache_size>
  <compiled_expression_cache_size>4194304</compiled_expression_cache_size>
  <mmap_cache_size>64</mmap_cache_size>
  <max_thread_pool_size>64</max_thread_pool_size>
  <max_server_memory_usage>{memory}</max_server_memory_usage>
</clickhouse>
"""

MEMORY = 1_000_000_000
"""Bytes that the embedded engine may take at most, in the middle of a heavy query."""

SETTINGS = {
    "max_threads": 2,
    "max_insert_threads": 1,
    "compile_expressions": 0,
    "compile_aggregate_expressions": 0,
    "max_block_size": 16_384,
    "max_memory_usage": MEMORY * 8 // 10,
}


TIMES = {"date_time_input_format": "best_effort"}
"""Reads RFC 3339."""

AWARE = "aware"
"""Times come back with their zone, as they went in."""


class StoreRefused(Exception):
    """Raised when the store does not do what it was asked; the message is the engine's own."""


class Store:
    """Runs SQL in a thread of its own, one statement at a time."""

    def __init__(self, client: Any, thread: ThreadPoolExecutor) -> None:
        self._client = client
        self._thread = thread

    async def run(self, sql: str) -> None:
        """Run a statement that returns nothing."""
        await self._call(self._client.command, sql)

    async def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return a query's rows; `{name:Type}` in it stands for a parameter."""
        result = await self._call(self._client.query, sql, parameters=parameters)
        return [tuple(row) for row in result.result_rows]

    async def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows, all of them or none. Raises `StoreRefused`.

        They travel as JSON lines: the client's own way to insert would load pandas, 50 MB and a
        second of start, for the same speed.
        """
        lines = msgspec.json.Encoder().encode_lines(rows)
        await self._call(
            self._client.raw_insert,
            table,
            insert_block=lines,
            fmt="JSONEachRow",
            settings=TIMES,
        )

    async def close(self) -> None:
        """Close the store; what was inserted is on disk."""
        await self._call(self._client.close)
        self._thread.shutdown()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _call(self, function: Any, *arguments: Any, **named: Any) -> Any:
        return await _in(self._thread, partial(function, *arguments, **named))


async def open_store(folder: Path, url: str | None = None) -> Store:
    """Open the store in `folder`, or the ClickHouse server at `url` (`http://user:pw@host/db`).

    Raises `StoreRefused`, e.g. where another process has the folder open.
    """
    thread = ThreadPoolExecutor(1, "olap")
    try:
        client = await _in(thread, partial(_connect, folder, url))
    except BaseException:
        thread.shutdown(wait=False)
        raise
    return Store(client, thread)


def _connect(folder: Path, url: str | None) -> Any:
    # By name and late: the engine is 170 MB of memory, which only the worker is to pay.
    clickhouse: Any = importlib.import_module("clickhouse_connect")
    if url is not None:
        return clickhouse.get_client(dsn=url, tz_mode=AWARE)
    folder.mkdir(parents=True, exist_ok=True)
    config = folder.with_name(f"{folder.name}.xml")
    config.write_text(LEAN.format(memory=MEMORY))
    return clickhouse.get_client(
        interface="chdb",
        path=str(folder),
        tz_mode=AWARE,
        settings=SETTINGS,
        chdb_options={"config-file": str(config)},
    )


async def _in(thread: ThreadPoolExecutor, function: Any) -> Any:
    try:
        return await asyncio.get_running_loop().run_in_executor(thread, function)
    except Exception as error:
        # The client's own exceptions would make every caller import the client.
        if type(error).__module__.startswith("clickhouse_connect"):
            raise StoreRefused(str(error)[:2000]) from error
        raise
