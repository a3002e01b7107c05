"""The ports of a run: the settings' own, or free ones in place of those that are taken."""

import msgspec

from xinbo.engines.embedded import PortBusy, free_port, require_free
from xinbo.engines.settings import Settings

LOOPBACK = "127.0.0.1"


def wanted(settings: Settings) -> dict[str, str]:
    """Return the address that each port setting is bound at, by the setting's name."""
    ports = {f"{name}_port": settings.host for name in ("web", "edge", "media", "rtmp")}
    if settings.postgres_url is None:
        ports["postgres_port"] = LOOPBACK
    if settings.nats_url is None:
        ports["nats_port"] = LOOPBACK
    return ports


def choose_ports(settings: Settings, *, free: bool) -> Settings:
    """Return settings whose ports are free now.

    Raises `PortBusy` for the first that is taken, unless `free` allows others.
    """
    changes: dict[str, int] = {}
    for name, host in wanted(settings).items():
        port: int = getattr(settings, name)
        try:
            require_free(port, host)
        except PortBusy as busy:
            if not free:
                raise Taken(busy, name) from None
            changes[name] = free_port()
    return msgspec.structs.replace(settings, **changes)


class Taken(PortBusy):
    """A busy port, with the setting that would change it."""

    def __init__(self, busy: PortBusy, name: str) -> None:
        super().__init__(busy.port, busy.owner)
        self.setting = f"XINBO_{name.upper()}"

    def __str__(self) -> str:
        return (
            f"{super().__str__()} End that process, or set {self.setting} to another port, "
            "or let Xinbo choose with --free-ports."
        )
