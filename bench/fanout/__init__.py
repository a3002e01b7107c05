"""Fan-out of one live room: every viewer hears 100 messages a second of 200 bytes.

The real edge process with the real bus, over loopback, beside socket.io, ws and python-socketio
under the same load from the same client (`load.c`, one epoll process, compiled here). Every
viewer beats each ten seconds. Processor time is that of the server, for the edge with NATS.

ws also runs with the edge's way of sending, one frame a tenth of a second, to tell what the server
is worth and what the way. A peer that cannot keep up is published to more slowly; its processor
time a delivered message is then that of a saturated server, which flatters it.
"""

import argparse
import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from bench.report import report
from xinbo.engines.embedded import Nats, free_port
from xinbo.live.edge import RoomRole
from xinbo.live.edge._rules import Claims, sign

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CACHE = Path(tempfile.gettempdir()) / f"xinbo-bench-{os.getuid()}" / "fanout"
PACKAGES = ("ws@8.18.3", "socket.io@4.8.1")

VIEWERS = (1000, 3000, 10_000)
RATE = 100
SIZE = 200
WINDOW = 100
P99_AIM = 500.0
PYTHON_AT_MOST = 1000
"""Viewers for python-socketio: beyond, it takes minutes to let them all in."""

PATIENCE = 30.0
SECRET = "bench"  # noqa: S105 of a process that lives for a minute


class Measured(msgspec.Struct, rename="camel"):
    """What the load client saw. Times in milliseconds, `cpu` in seconds."""

    delivered: int
    published: int
    seconds: float
    p50: float
    p99: float
    cpu: float
    client_cpu: float
    connected: float
    kb_per_viewer: float
    closed: int

    @property
    def per_message(self) -> float:
        """Processor time of the server for each delivered message, in microseconds."""
        return self.cpu / self.delivered * 1e6 if self.delivered else 0.0


def main() -> None:
    """Run each server under each load and print the lines."""
    parser = argparse.ArgumentParser(prog="fanout")
    parser.add_argument("--viewers", type=int, nargs="*", default=VIEWERS)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    CACHE.mkdir(parents=True, exist_ok=True)
    load = _compiled()
    modules = _node_modules()
    for viewers in options.viewers:
        run = Run(load, viewers, options.seconds)
        ours = run.edge()
        _say(viewers, "edge", ours)
        peers: dict[str, Measured | None] = {"socket.io": None, "ws": None, "ws, coalescing": None}
        if modules:
            peers["socket.io"] = run.node(modules, "peer_socketio.cjs", "sio")
            peers["ws"] = run.node(modules, "peer_ws.cjs", "ws")
            peers["ws, coalescing"] = run.node(modules, "peer_ws.cjs", "ws", str(WINDOW))
        if viewers <= PYTHON_AT_MOST:
            peers["python-socketio"] = run.python()
        for name, peer in peers.items():
            _say(viewers, name, peer)
            _compare(viewers, ours, name, peer)


def _compare(viewers: int, ours: Measured, name: str, peer: Measured | None) -> None:
    is_aim = name == "socket.io"
    if peer and not peer.delivered:
        name, peer = f"{name} (delivered nothing)", None
    elif not peer:
        name = f"{name} (npm not reachable)"
    cpu = peer.per_message if peer else 0.0
    report(
        "fanout",
        f"{viewers} viewers, processor time a delivered message",
        ours.per_message,
        "us",
        against=name,
        against_figure=cpu,
        aim=round(cpu / 10, 3) if is_aim and peer else None,
    )
    report(
        "fanout",
        f"{viewers} viewers, p99 latency (p50 {ours.p50:.0f} ms)",
        ours.p99,
        "ms",
        against=f"{name} (p50 {peer.p50:.0f} ms)" if peer else name,
        against_figure=peer.p99 if peer else 0.0,
        aim=P99_AIM if is_aim else None,
    )
    report(
        "fanout",
        f"{viewers} viewers, delivered (due: {viewers * RATE})",
        ours.delivered / ours.seconds,
        "messages/s",
        against=name,
        against_figure=peer.delivered / peer.seconds if peer else 0.0,
    )


class Run:
    """One size of room."""

    def __init__(self, load: Path, viewers: int, seconds: float) -> None:
        self._load = load
        self._viewers = viewers
        self._seconds = seconds

    def edge(self) -> Measured:
        """Measure the real edge with the real bus."""
        with tempfile.TemporaryDirectory(dir=CACHE) as folder, Nats(Path(folder) / "nats") as nats:
            port, show = free_port(), uuid4()
            env = {
                "XINBO_DATA": folder,
                "XINBO_NATS_URL": nats.url,
                "XINBO_EDGE_PORT": str(port),
                "XINBO_SECRET": SECRET,
                "PYTHONPATH": str(ROOT / "src"),
            }
            command = [sys.executable, "-m", "xinbo", "edge"]
            with _process(command, env, f"http://127.0.0.1:{port}/healthz") as pid:
                paths = self._tickets(Path(folder) / "paths", show)
                bus = (str(nats.port), f"room.{show}.msg")
                return self._measure("edge", port, f"{pid},{nats.pid}", paths, bus)

    def node(self, modules: Path, script: str, protocol: str, *more: str) -> Measured:
        """Measure a peer of npm."""
        port = free_port()
        command = ["node", str(HERE / script), str(port), *more]
        url = f"http://127.0.0.1:{port}/socket.io/"
        with _process(command, {"NODE_PATH": str(modules)}, url) as pid:
            return self._measure(protocol, port, str(pid), self._path(protocol))

    def python(self) -> Measured:
        """Measure python-socketio on uvicorn."""
        port = free_port()
        command = [sys.executable, str(HERE / "peer_python_socketio.py"), str(port)]
        with _process(command, {}, f"http://127.0.0.1:{port}/") as pid:
            return self._measure("sio", port, str(pid), self._path("sio"))

    def _measure(
        self, protocol: str, port: int, pids: str, paths: Path, bus: Sequence[str] = ()
    ) -> Measured:
        numbers = (self._viewers, self._seconds, RATE, SIZE, pids, paths)
        command = [str(part) for part in (self._load, protocol, port, *numbers, *bus)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603
        return msgspec.json.decode(done.stdout, type=Measured)

    def _path(self, protocol: str) -> Path:
        file = CACHE / f"path.{protocol}"
        file.write_text("/socket.io/?EIO=4&transport=websocket\n" if protocol == "sio" else "/\n")
        return file

    def _tickets(self, file: Path, show: UUID) -> Path:
        """Write a path for each viewer. Dated ahead, as thousands take a while to come in."""
        settings = {"XINBO_SECRET": SECRET, "XINBO_DATA": str(file.parent)}
        key = _key(settings)
        issued = int(time.time()) + 40
        claims = Claims(show, uuid4(), uuid4(), "Viewer", RoomRole.SHOPPER, issued)
        with file.open("w") as lines:
            for _ in range(self._viewers):
                each = msgspec.structs.replace(claims, viewer_id=uuid4())
                lines.write(f"/room?ticket={sign(each, key)}\n")
        return file


def _key(env: dict[str, str]) -> bytes:
    os.environ.update(env)
    from xinbo.engines.settings import Settings  # noqa: PLC0415 it reads the environment

    return Settings.load().key("tickets")


@contextmanager
def _process(command: Sequence[str], env: dict[str, str], url: str) -> Generator[int]:
    """Run a server until left; it answers when this begins."""
    with subprocess.Popen(command, env=os.environ | env) as child:  # noqa: S603
        try:
            until = time.monotonic() + PATIENCE
            while not _answers(url):
                if child.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{command} does not answer")
                time.sleep(0.05)
            yield child.pid
        finally:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(10)
            child.kill()


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 our own
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _compiled() -> Path:
    program = CACHE / "load"
    source = HERE / "load.c"
    subprocess.run(["cc", "-O2", "-o", program, source, "-lm"], check=True)  # noqa: S603, S607
    return program


def _node_modules() -> Path | None:
    """Install the peers by name, once; None where npm or its registry is away."""
    modules = CACHE / "node_modules"
    if (modules / "socket.io").exists() and (modules / "ws").exists():
        return modules
    npm = shutil.which("npm")
    if npm is None:
        return None
    command = [npm, "install", "--prefix", CACHE, "--no-audit", "--no-fund", *PACKAGES]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    return modules if done.returncode == 0 else None


def _say(viewers: int, name: str, measured: Measured | None) -> None:
    """Show the raw figures, for whoever looks on."""
    if measured:
        raw = json.loads(msgspec.json.encode(measured))
        print(f"# {viewers} {name}: {measured.per_message:.2f} us {raw}", file=sys.stderr)


if __name__ == "__main__":
    main()
