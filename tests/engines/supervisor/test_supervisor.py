"""A real family of processes, and every way to lose one of them."""
# ruff: noqa: S603 every command here is our own

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from io import StringIO
from pathlib import Path

import pytest

from xinbo.engines import embedded
from xinbo.engines.embedded import DidNotStart, Nats, free_port, leashed
from xinbo.engines.supervisor import (
    AlreadyRunning,
    Child,
    ChildState,
    Log,
    RunState,
    Supervisor,
    answers_http,
    fd_variable,
    hold,
    listen,
    listener,
    running,
    wait_for_the_dying,
)

FAMILY = Path(__file__).with_name("family.py")


class Run:
    """A supervisor in a process of its own."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder = folder
        self.process = process

    @property
    def state(self) -> RunState:
        """What it tells of itself."""
        state = running(self.folder)
        assert state
        return state

    def child(self, name: str) -> ChildState:
        """One of its children."""
        return next(child for child in self.state.children if child.name == name)

    def wait_for(self, what: Callable[[], bool], patience: float = 60) -> None:
        """Wait until it is so."""
        until = time.monotonic() + patience
        while not what():
            assert time.monotonic() < until, self.log[-3000:]
            time.sleep(0.02)

    @property
    def log(self) -> str:
        """All that was said so far."""
        return (self.folder / "logs" / "xinbo.log").read_text()

    def pids(self) -> list[int]:
        """Everyone who would be left behind: all processes that our children lead."""
        led = {child.pid for child in self.state.children if child.pid}
        return [pid for pid in all_pids() if group_of(pid) in led]


def all_pids() -> list[int]:
    return [int(place.name) for place in Path("/proc").glob("[0-9]*")]


def group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


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


@contextmanager
def family(folder: Path, *, normal_user: bool = False) -> Generator[Run]:
    command = [sys.executable, str(FAMILY), str(folder), str(free_port()), str(free_port())]
    with subprocess.Popen(
        as_normal_user(command, folder) if normal_user else command,
        env=os.environ | {"PYTHONPATH": str(Path(embedded.__file__).parents[3])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        run = Run(folder, process)
        assert process.stdout
        while "ALL READY" not in (line := process.stdout.readline()):
            assert line, run.log[-3000:]
        try:
            yield run
        finally:
            process.terminate()
            process.communicate(timeout=120)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with family(tmp_path_factory.mktemp("whole")) as run:
        yield run


@pytest.mark.parametrize("name", ["postgres", "nats", "idle"])
def test_a_killed_child_comes_back_by_itself(whole: Run, name: str) -> None:
    before = whole.child(name)
    assert before.pid
    os.kill(before.pid, signal.SIGKILL)
    whole.wait_for(lambda: whole.child(name).restarts == before.restarts + 1)
    whole.wait_for(lambda: whole.child(name).state == "ready")
    assert whole.child(name).pid != before.pid


def test_what_a_killed_child_had_started_goes_with_it(whole: Run) -> None:
    leader = whole.child("idle").pid
    assert leader
    grandchildren = [pid for pid in all_pids() if group_of(pid) == leader and pid != leader]
    assert grandchildren
    os.kill(leader, signal.SIGKILL)
    whole.wait_for(lambda: not any(map(alive, grandchildren)))
    whole.wait_for(lambda: whole.child("idle").state == "ready")


def test_a_second_one_on_the_same_folder_is_refused_with_the_pid_of_the_first(whole: Run) -> None:
    with pytest.raises(AlreadyRunning, match=f"pid {whole.process.pid}"), hold(whole.folder):
        pass


def test_a_long_line_reaches_the_log_whole_though_nobody_reads_the_terminal(whole: Run) -> None:
    whole_line = f"child speaks {'x' * 100_000}\n" in whole.log
    assert whole_line


def test_ctrl_c_stops_all_in_the_reverse_order_and_leaves_nothing(tmp_path: Path) -> None:
    with family(tmp_path) as run:
        pids = run.pids()
        assert len(pids) >= 4
        run.process.send_signal(signal.SIGINT)
        run.process.send_signal(signal.SIGINT)  # an echo, no second order
        assert run.process.wait(60) == 0
    stopped = re.findall(r"\| (?!all)(\w+) stopped", run.log)
    assert stopped[0] == "idle"
    assert sorted(stopped[1:]) == ["nats", "postgres"]
    assert "killed" not in run.log
    assert not any(map(alive, pids))
    assert not (tmp_path / "run.json").exists()
    assert running(tmp_path) is None


@pytest.mark.parametrize("normal_user", [False, True])
def test_killing_the_supervisor_leaves_no_orphan_and_the_next_start_works(
    tmp_path: Path, *, normal_user: bool
) -> None:
    with family(tmp_path, normal_user=normal_user) as run:
        children = [child.pid for child in run.state.children if child.pid]
        run.process.kill()
    wait_for_the_dying(tmp_path)
    assert not any(map(alive, children))
    with family(tmp_path, normal_user=normal_user) as again:
        assert again.state.ready


def test_waiting_for_the_dying_ignores_a_stranger_who_has_the_number_now(tmp_path: Path) -> None:
    former = RunState(
        pid=1,
        started_at=datetime.now(UTC),
        ready=True,
        ports={},
        urls={},
        children=[ChildState(name="web", state="ready", pid=os.getpid(), birth=1)],
    )
    former.save(tmp_path)
    wait_for_the_dying(tmp_path)
    assert running(tmp_path) is None


async def supervised(folder: Path, *children: Child) -> str:
    """Run a family here, stop it when all are ready, return its log."""
    screen = StringIO()
    log = Log(folder / "logs", [child.name for child in children], screen)
    supervisor = Supervisor(folder, children, log)
    try:
        await supervisor.run(partial(os.kill, os.getpid(), signal.SIGTERM))
    finally:
        log.close()
    return screen.getvalue()


def said(text: str, code: int = 0) -> Callable[[], list[str]]:
    return partial(leashed, ["sh", "-c", f"echo {text}; exit {code}"])


def test_a_child_starts_after_those_it_needs_are_done(tmp_path: Path) -> None:
    last = Child(name="last", command=said("second"), finishes=True, needs=("first",))
    first = Child(name="first", command=said("first"), finishes=True)
    log = asyncio.run(supervised(tmp_path, last, first))
    assert log.index("first | first") < log.index("last  | second")


def test_an_early_child_is_there_at_once_and_goes_on_when_those_it_needs_are_ready(
    tmp_path: Path,
) -> None:
    code = "from xinbo.engines.supervisor import wait_at_gate; print('at gate', flush=True); "
    code += "wait_at_gate(); print('through', flush=True)"
    early = Child(
        name="early",
        command=partial(leashed, [sys.executable, "-c", code]),
        finishes=True,
        early=True,
        needs=("slow",),
    )
    note = tmp_path / "note"
    wait = f"until grep -q 'at gate' {tmp_path}/logs/xinbo.log; do sleep 0.02; done; touch {note}"
    slow = Child(name="slow", command=partial(leashed, ["sh", "-c", wait]), finishes=True)
    log = asyncio.run(supervised(tmp_path, early, slow))
    assert note.exists()
    assert log.index("early | at gate") < log.index("early | through")


def test_a_child_that_never_gets_up_ends_the_start_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xinbo.engines.supervisor._child.FIRST_REST", 0.01)
    broken = Child(name="broken", command=said("no-such-thing", 3), finishes=True)
    nats = Nats(tmp_path / "nats")
    beside = Child(
        name="nats",
        command=nats.command,
        prepare=nats.prepare,
        ready=partial(asyncio.to_thread, nats.answers),
    )
    with pytest.raises(DidNotStart, match="broken did not start in 5 tries"):
        asyncio.run(supervised(tmp_path, beside, broken))
    assert not nats.answers()


def test_an_optional_child_that_never_gets_up_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xinbo.engines.supervisor._child.FIRST_REST", 0.01)
    broken = Child(name="broken", command=said("", 3), finishes=True, optional=True)
    assert "going on without it" in asyncio.run(supervised(tmp_path, broken))


def test_a_child_that_ignores_its_signal_is_killed_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xinbo.engines.supervisor._child.STOP_PATIENCE", 0.3)
    file = tmp_path / "up"
    deaf = Child(
        name="deaf",
        command=partial(leashed, ["sh", "-c", f"trap '' TERM; touch {file}; sleep 600"]),
        ready=partial(asyncio.to_thread, file.exists),
    )
    assert "has not stopped in 0 s: killed" in asyncio.run(supervised(tmp_path, deaf))


def test_a_second_order_to_stop_does_not_wait_for_the_deaf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xinbo.engines.supervisor._supervisor.ECHO", 0.1)
    file = tmp_path / "up"
    order = f"(sleep 0.5; kill -TERM {os.getpid()}) & trap '' TERM; touch {file}; sleep 600"
    deaf = Child(
        name="deaf",
        command=partial(leashed, ["sh", "-c", order]),
        ready=partial(asyncio.to_thread, file.exists),
    )
    log = asyncio.run(supervised(tmp_path, deaf))
    assert "deaf stopped" in log
    assert "has not stopped" not in log


def test_a_shared_socket_makes_callers_wait_while_its_process_restarts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with listen("127.0.0.1", 0) as shared:
        port: int = shared.getsockname()[1]
        monkeypatch.setenv(fd_variable("web"), str(os.dup(shared.fileno())))
        with socket.create_connection(("127.0.0.1", port)):
            served = listener("web", "127.0.0.1", port)
            accepted, _ = served.accept()
            accepted.close()
            served.close()


def test_readiness_over_http_wants_a_200() -> None:
    async def ask(status: str) -> bool:
        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(f"HTTP/1.1 {status}\r\n\r\n".encode())
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            return await answers_http("127.0.0.1", server.sockets[0].getsockname()[1])

    assert asyncio.run(ask("200 OK"))
    assert not asyncio.run(ask("503 Not yet"))
    assert not asyncio.run(answers_http("127.0.0.1", free_port()))


def test_quiet_lines_and_colours_stay_off_where_they_do_not_belong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = StringIO()
    log = Log(tmp_path, ["a", "longer"], screen)
    log.line("a", "\x1b[31mred\x1b[0m")
    log.line("longer", "quiet", on_screen=False)
    log.close()
    assert "a      |\x1b[0m \x1b[31mred" in screen.getvalue()
    assert "quiet" not in screen.getvalue()
    kept = (tmp_path / "xinbo.log").read_text()
    assert "\x1b" not in kept
    assert "longer | quiet" in kept
