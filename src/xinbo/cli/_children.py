"""Which processes make up Xinbo on one machine, and what each of them needs."""

import asyncio
import re
import signal
import socket
import sys
from functools import partial
from pathlib import Path

from xinbo.cli._ports import wanted
from xinbo.engines.embedded import Nats, Postgres, leashed
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import Child, answers_http, fd_variable, has_said_ready, listen

NATS_CHATTER = re.compile(r"\[INF\]")
POSTGRES_CHATTER = re.compile(
    r"^LOG:  (starting PostgreSQL|listening on|database system (was shut|is)|received fast"
    r"|aborting any|shutting down)|^FATAL:  the database system is (starting|shutting)"
)


class Family:
    """The children of one `xinbo up`, and the listening sockets they share."""

    def __init__(self, settings: Settings, *, web: int, edges: int, demo: bool) -> None:
        self.settings = settings
        self._demo = demo
        self._counts = {"web": web, "edge": edges}
        self._sockets = {
            "web": listen(settings.host, settings.web_port),
            "edge": listen(settings.host, settings.edge_port),
        }
        self._env = _environment(settings)

    def children(self) -> list[Child]:
        """Return them so that each comes after those it needs."""
        engines = self._engines()
        migrate = Child(
            name="migrate",
            command=partial(_xinbo, "migrate"),
            finishes=True,
            early=True,
            needs=tuple(child.name for child in engines if child.name == "postgres"),
            env=self._env,
        )
        # Migration and web import what they need at once: the first page waits for them.
        # The others leave them the processor until it is there.
        needs = (*(child.name for child in engines), "migrate")
        web = self._sharing("web", self.settings.web_port, needs, early=True)
        then = (*needs, *(child.name for child in web))
        serving = [
            *web,
            *self._sharing("edge", self.settings.edge_port, then),
            Child(
                name="media",
                command=partial(_xinbo, "media"),
                ready=partial(answers_http, local(self.settings), self.settings.media_port),
                needs=then,
                env=self._env,
            ),
            self._telling("worker", then),
        ]
        demo = self._telling("demo", tuple(child.name for child in serving))
        return [*engines, migrate, *serving, *([demo] if self._demo else [])]

    def ports(self) -> dict[str, int]:
        """Return the ports in use: `{"web": 8000, …}`."""
        return {
            name.removesuffix("_port"): getattr(self.settings, name)
            for name in wanted(self.settings)
        }

    def addresses(self) -> dict[str, str]:
        """Return where people and programs find what runs."""
        settings = self.settings
        shown = local(settings)
        site = f"http://{shown}:{settings.web_port}"
        addresses = {
            "shop": f"{site}/",
            "console": f"{site}/console/",
            "docs": f"{site}/api/v1/docs",
            "rtmp": f"rtmp://{shown}:{settings.rtmp_port}/live",
            "edge": f"ws://{shown}:{settings.edge_port}",
            "media": f"http://{shown}:{settings.media_port}",
            "postgres": settings.database_url.replace("+asyncpg", ""),
            "nats": settings.bus_url,
        }
        if shown != settings.host:
            addresses["network"] = f"http://{_on_the_network()}:{settings.web_port}/"
        return addresses

    def close(self) -> None:
        """Close the shared sockets."""
        for shared in self._sockets.values():
            shared.close()

    def _engines(self) -> list[Child]:
        settings, children = self.settings, list[Child]()
        if settings.postgres_url is None:
            postgres = Postgres(settings.data / "postgres", settings.postgres_port)
            children.append(_of(postgres, "postgres", POSTGRES_CHATTER))
        if settings.nats_url is None:
            nats = Nats(settings.data / "nats", settings.nats_port)
            children.append(_of(nats, "nats", NATS_CHATTER))
        return children

    def _sharing(
        self, name: str, port: int, needs: tuple[str, ...], *, early: bool = False
    ) -> list[Child]:
        """Make the processes that take turns at one listening socket."""
        count, fd = self._counts[name], self._sockets[name].fileno()
        return [
            Child(
                name=name if count == 1 else f"{name}.{number}",
                command=partial(_xinbo, name),
                ready=partial(answers_http, local(self.settings), port),
                needs=needs,
                early=early,
                env=self._env | {fd_variable(name): str(fd)},
                pass_fds=(fd,),
            )
            for number in range(1, count + 1)
        ]

    def _telling(self, name: str, needs: tuple[str, ...]) -> Child:
        """Make a process without a port: it says when it is ready."""
        file = self.settings.data / "run" / f"{name}.ready"
        return Child(
            name=name,
            command=partial(_xinbo, name),
            prepare=partial(_forget, file),
            ready=partial(has_said_ready, file),
            needs=needs,
            env=self._env | {"XINBO_READY_FILE": str(file)},
            finishes=name == "demo",
            optional=name == "demo",
        )


def local(settings: Settings) -> str:
    """Return the address at which the processes answer this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104


def _on_the_network() -> str:
    """Return this machine's address as its neighbours see it. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 9))
        except OSError:
            return socket.gethostname()
        return str(probe.getsockname()[0])


def _of(server: Postgres | Nats, name: str, chatter: re.Pattern[str]) -> Child:
    return Child(
        name=name,
        command=server.command,
        prepare=server.prepare,
        ready=partial(asyncio.to_thread, server.answers),
        stop_signal=server.stop_signal,
        chatter=chatter,
    )


def _xinbo(command: str) -> list[str]:
    # SIGKILL, as nobody is left to insist: whatever runs here is made to survive it.
    return leashed([sys.executable, "-m", "xinbo", command], on_death=signal.SIGKILL)


def _forget(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)


def _environment(settings: Settings) -> dict[str, str]:
    """Hand down the settings of this run, chosen ports included."""
    # The accounts with payment providers come down with everything else in the environment.
    fields = {
        name: str(int(value)) if isinstance(value, bool) else str(value)
        for name in settings.__struct_fields__
        if name not in {"secret", "pay"} and (value := getattr(settings, name)) is not None
    }
    named = {f"XINBO_{name.upper()}": value for name, value in fields.items()}
    return named | {"PYTHONUNBUFFERED": "1"}
