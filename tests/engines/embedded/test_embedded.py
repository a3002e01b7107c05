"""The servers are the real ones; what is tried is what befalls them."""
# ruff: noqa: S603 every command here is our own
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import nats
import pytest

from xinbo.engines import embedded
from xinbo.engines.embedded import DidNotStart, Nats, PortBusy, Postgres, _postgres, leashed

PARENT = """
import sys
from pathlib import Path
from xinbo.engines.embedded import Nats, Postgres
folder = Path(sys.argv[1])
with Postgres(folder / "postgres") as postgres, Nats(folder / "nats") as bus:
    print(postgres.pid, bus.pid, postgres.url, flush=True)
    sys.stdin.read()
"""


def as_normal_user(command: list[str], folder: Path) -> list[str]:
    """Drop root, who may be all that a test machine has, but not the right to read our files."""
    if os.geteuid():
        return command
    nobody = 65534
    os.chown(folder, nobody, nobody)
    return [
        *("setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups"),
        *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", *command),
    ]


def gone(pid: int, patience: float = 60) -> bool:
    """Wait until the process has ended; a zombie that nobody reaps has ended too."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            if ") Z " in Path(f"/proc/{pid}/stat").read_text():
                return True
            os.kill(pid, 0)
        except OSError:
            return True
        time.sleep(0.02)
    return False


async def sql(url: str, query: str) -> object:
    connection: Any = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    # Below a folder that no other account can pass through, as in root's home.
    folder = tmp_path_factory.mktemp("closed")
    folder.chmod(0o700)
    with Postgres(folder / "postgres") as server:
        yield server


def test_postgres_serves_our_role_in_utf8_and_keeps_the_superuser_off_the_network(
    postgres: Postgres,
) -> None:
    answer = asyncio.run(sql(postgres.url, "select current_user || upper('üé') || '信播'"))
    assert answer == "xinboÜÉ信播"
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        asyncio.run(sql(postgres.url.replace("xinbo@", "postgres@"), "select 1"))


def test_postgres_data_survives_a_stop_and_a_crash(postgres: Postgres) -> None:
    asyncio.run(sql(postgres.url, "create table kept as select 117 as n"))
    postgres.stop()
    postgres.start()
    asyncio.run(sql(postgres.url, "insert into kept values (1)"))
    postgres.kill()
    postgres.start()
    assert asyncio.run(sql(postgres.url, "select sum(n) from kept")) == 118


def test_the_port_of_another_process_is_refused_with_its_name(
    postgres: Postgres, tmp_path: Path
) -> None:
    with pytest.raises(PortBusy) as refusal:
        Nats(tmp_path / "nats", postgres.port).start()
    assert refusal.value.port == postgres.port
    assert f"pid {postgres.pid} (postgres" in str(refusal.value)


def test_a_cluster_that_was_cut_off_while_it_was_made_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    with Postgres(tmp_path / "postgres") as server:
        assert asyncio.run(sql(server.url, "select 1")) == 1
    assert not half.exists()


def test_streams_survive_a_crash_of_nats(tmp_path: Path) -> None:
    async def publish(url: str) -> None:
        client = await nats.connect(url)
        await client.jetstream().add_stream(name="S", subjects=["s.>"])
        await client.jetstream().publish("s.a", b"1")
        await client.close()

    async def count(url: str) -> int:
        client = await nats.connect(url)
        info = await client.jetstream().stream_info("S")
        await client.close()
        return info.state.messages

    server = Nats(tmp_path / "nats").start()
    asyncio.run(publish(server.url))
    server.kill()
    with server:
        assert asyncio.run(count(server.url)) == 1


def test_a_server_that_ends_at_once_says_why(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres", options={"max_connections": "none"})
    with pytest.raises(DidNotStart, match="max_connections"):
        server.start()


def test_killing_the_parent_of_a_normal_user_leaves_no_server(tmp_path: Path) -> None:
    with subprocess.Popen(
        as_normal_user([sys.executable, "-c", PARENT, str(tmp_path)], tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(embedded.__file__).parents[3])},
        text=True,
    ) as parent:
        assert parent.stdout
        postgres_pid, nats_pid, url = parent.stdout.readline().split()
        assert asyncio.run(sql(url, "select 1")) == 1
        parent.kill()
    assert gone(int(postgres_pid))
    assert gone(int(nats_pid))


def test_root_copies_the_programs_where_other_accounts_can_reach_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def passable(folder: Path) -> bool:
        return folder.is_relative_to(shared)

    with tempfile.TemporaryDirectory() as cache:
        shared = Path(cache)
        monkeypatch.setattr(_postgres, "CACHE", shared)
        monkeypatch.setattr(_postgres, "_passable", passable)
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        program = _postgres.programs() / "postgres"
        done = subprocess.run([program, "--version"], check=True, capture_output=True)
    assert program.is_relative_to(shared)
    assert b"18." in done.stdout


def test_without_the_kernels_help_a_watcher_ends_the_child(tmp_path: Path) -> None:
    elsewhere = "import runpy, sys; sys.platform = 'darwin'; file = sys.argv.pop(1); "
    elsewhere += "runpy.run_path(file, run_name='__main__')"
    note = tmp_path / "pid"
    parent_code = (
        "import subprocess, sys, time; from xinbo.engines.embedded import leashed; "
        "python, *_, file, terms = leashed([]); "
        f"subprocess.Popen([python, '-c', {elsewhere!r}, file, terms, 'sh', '-c', "
        f"'echo $$ > {note}; exec sleep 60']); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", parent_code]) as parent:
        until = time.monotonic() + 60
        while not (note.exists() and note.read_text()) and time.monotonic() < until:
            time.sleep(0.02)
        child = int(note.read_text())
        assert not gone(child, 0.1)
        parent.kill()
    assert gone(child)


def test_nothing_is_run_for_a_parent_that_is_gone_already() -> None:
    command = leashed(["echo", "ran"])
    terms = json.loads(command[-3])
    command[-3] = json.dumps(terms | {"parent": terms["parent"] + 1})
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == b""


def test_a_signal_reaches_the_program_itself() -> None:
    command = leashed(["sh", "-c", "echo up; exec sleep 60"])
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"up\n"
        child.send_signal(signal.SIGTERM)
        assert child.wait(60) == -signal.SIGTERM
