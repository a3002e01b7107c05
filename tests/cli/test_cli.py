"""The command as a user types it."""
# ruff: noqa: S603 every command here is our own

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

import xinbo
from xinbo.cli._up import framed
from xinbo.engines.embedded import free_port, owner_of
from xinbo.engines.supervisor import RunState, running

STAND_IN = Path(__file__).with_name("stand_in.py")
PORTS = ("WEB", "EDGE", "MEDIA", "RTMP", "POSTGRES", "NATS")


def environment(data: Path) -> dict[str, str]:
    """Give every process of a test its own folder and ports."""
    ports = {f"XINBO_{name}_PORT": str(free_port()) for name in PORTS}
    source = str(Path(xinbo.__file__).parents[1])
    return os.environ | ports | {"XINBO_DATA": str(data), "PYTHONPATH": source, "NO_COLOR": "1"}


def call(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(STAND_IN), *arguments]
    return subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=120, check=False
    )


@contextmanager
def started(env: dict[str, str], *arguments: str) -> Generator[subprocess.Popen[str]]:
    command = [sys.executable, str(STAND_IN), *arguments]
    with subprocess.Popen(env=env, args=command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=120)


def read_until(process: subprocess.Popen[str], text: str) -> str:
    assert process.stdout
    heard = ""
    while text not in heard:
        line = process.stdout.readline()
        assert line, heard
        heard += line
    return heard


def ask(port: str) -> int:
    """Return the pid that answers."""
    connection = HTTPConnection("127.0.0.1", int(port), timeout=60)
    connection.request("GET", "/healthz")
    pid = int(connection.getresponse().read())
    connection.close()
    return pid


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


class Up:
    """One `xinbo up` that is running."""

    def __init__(self, env: dict[str, str], process: subprocess.Popen[str], said: str) -> None:
        self.env = env
        self.process = process
        self.said = said

    @property
    def state(self) -> RunState:
        """What it tells of itself."""
        state = running(Path(self.env["XINBO_DATA"]))
        assert state
        return state


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    env = environment(tmp_path_factory.mktemp("up"))
    with started(env, "up", "--web", "2", "--no-demo") as process:
        yield Up(env, process, read_until(process, "╰"))


def test_up_ends_its_start_by_saying_where_everything_is(up: Up) -> None:
    site = f"http://127.0.0.1:{up.env['XINBO_WEB_PORT']}"
    for address in (f"{site}/ ", f"{site}/console/", f"{site}/api/v1/docs", "rtmp://127.0.0.1:"):
        assert address in up.said
    assert up.state.ready
    assert {child.state for child in up.state.children} == {"ready", "done"}


def test_status_shows_every_process_and_whether_all_is_well(up: Up) -> None:
    told = call(up.env, "status")
    assert told.returncode == 0
    for name in ("postgres", "nats", "web.1", "web.2", "edge", "media", "worker"):
        assert name in told.stdout
    assert json.loads(call(up.env, "status", "--json").stdout)["pid"] == up.process.pid


def test_the_web_port_answers_while_each_of_its_processes_is_killed_in_turn(up: Up) -> None:
    port = up.env["XINBO_WEB_PORT"]
    for name in ("web.1", "web.2"):
        before = next(child for child in up.state.children if child.name == name)
        assert before.pid
        os.kill(before.pid, signal.SIGKILL)
        assert ask(port) != before.pid

        def is_back(name: str = name, old: int = before.pid) -> bool:
            child = next(child for child in up.state.children if child.name == name)
            return child.state == "ready" and child.pid not in {None, old}

        wait_for(is_back)


def test_a_second_up_on_the_same_data_is_refused(up: Up) -> None:
    refused = call(up.env, "up")
    assert refused.returncode == 1
    assert f"already runs on {up.env['XINBO_DATA']} (pid {up.process.pid})" in refused.stderr


def test_a_taken_port_is_refused_with_its_owner_and_the_setting(up: Up, tmp_path: Path) -> None:
    env = environment(tmp_path) | {"XINBO_NATS_PORT": up.env["XINBO_NATS_PORT"]}
    refused = call(env, "up")
    nats = next(child.pid for child in up.state.children if child.name == "nats")
    assert refused.returncode == 1
    assert f"taken by pid {nats} (nats-server" in refused.stderr
    assert "XINBO_NATS_PORT" in refused.stderr
    assert "--free-ports" in refused.stderr


def test_doctor_reports_what_runs_and_fails_on_what_is_missing(up: Up, tmp_path: Path) -> None:
    env = up.env | {"XINBO_WEB_DIST": str(tmp_path)}
    report = call(env, "doctor", "--json")
    found: list[dict[str, Any]] = json.loads(report.stdout)
    levels = {finding["found"]: finding["level"] for finding in found}
    assert report.returncode == 1
    assert levels["shop is not built"] == "fail"
    assert levels["worker is ready, 0 restarts"] == "ok"
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "index.html").touch()
    assert "ok    pages       shop is built" in call(env, "doctor").stdout


def test_doctor_names_the_owner_of_a_port_and_how_to_mend_it(tmp_path: Path) -> None:
    env = environment(tmp_path)
    with socket.create_server(("127.0.0.1", int(env["XINBO_EDGE_PORT"]))):
        report = call(env, "doctor").stdout
    assert f"taken by pid {os.getpid()}" in report
    assert "-> End it, set XINBO_EDGE_PORT" in report


def test_free_ports_gives_way_and_ctrl_c_leaves_nothing(up: Up, tmp_path: Path) -> None:
    env = up.env | {"XINBO_DATA": str(tmp_path)}
    with started(env, "up", "--free-ports", "--no-demo") as process:
        said = read_until(process, "╰")
        state = running(tmp_path)
        assert state
        assert str(state.ports["web"]) in said
        for name in ("web", "edge", "media", "postgres", "nats"):
            assert state.ports[name] != up.state.ports[name]
        pids = [child.pid for child in state.children if child.pid]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert call(env, "status").returncode == 3


def test_a_url_setting_replaces_its_embedded_engine_and_phones_get_an_address(
    up: Up, tmp_path: Path
) -> None:
    urls = up.state.urls
    own = {"XINBO_POSTGRES_URL": urls["postgres"], "XINBO_NATS_URL": urls["nats"]}
    env = environment(tmp_path) | own | {"XINBO_HOST": "0.0.0.0"}  # noqa: S104
    with started(env, "up", "--no-demo") as process:
        assert "On phones   http://" in read_until(process, "╰")
        state = running(tmp_path)
        assert state
        assert [child.name for child in state.children] == [
            *("migrate", "web", "edge", "media", "worker")
        ]
        assert not (tmp_path / "postgres").exists()


def test_a_process_alone_refuses_a_taken_port_and_ends_on_sigterm(tmp_path: Path) -> None:
    env = environment(tmp_path)
    port = env["XINBO_WEB_PORT"]
    with started(env, "web") as alone:
        wait_for(lambda: f"pid {alone.pid} " in str(owner_of(int(port))))
        assert ask(port) == alone.pid
        refused = call(env, "web")
        assert refused.returncode == 1
        assert f"Port {port} is taken by pid {alone.pid}" in refused.stdout
        assert "XINBO_WEB_PORT" in refused.stdout
        alone.terminate()
        assert alone.wait(60) == 0


def test_a_process_that_hangs_ends_all_the_same(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    env = environment(tmp_path) | {"DEAF": "1", "XINBO_READY_FILE": str(ready)}
    with started(env, "worker") as deaf:
        wait_for(ready.exists)
        deaf.terminate()
        assert deaf.wait(60) == -signal.SIGALRM


def test_the_command_that_stays_loads_no_framework_and_no_driver() -> None:
    heavy = ("litestar", "sqlalchemy", "asyncpg", "nats", "dbos", "av", "chdb", "alembic")
    code = f"import sys, xinbo.cli._up; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_frame_holds_wide_characters_straight() -> None:
    top, *lines, bottom = framed(["信播", "abcdef"]).strip().splitlines()
    assert top == "╭────────╮"
    assert lines == ["│ 信播   │", "│ abcdef │"]
    assert bottom == "╰────────╯"


def test_help_names_every_command_and_the_version_is_told(tmp_path: Path) -> None:
    env = environment(tmp_path)
    told = call(env, "--help").stdout
    for name in (
        "up",
        "web",
        "edge",
        "media",
        "worker",
        "doctor",
        "status",
        "openapi",
        "XINBO_DATA",
    ):
        assert name in told
    assert call(env, "version").stdout.strip() == "0.1.0"
    assert call(env, "up", "--web", "0").returncode == 2
