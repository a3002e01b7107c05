"""Settings from the environment. A setting that is absent means the embedded engine."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Self

import msgspec

ROOT = Path(__file__).parents[3]
PAY = ("alipay_", "wechatpay_", "stripe_")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is. Every field can be set as `XINBO_<FIELD>`."""

    data: Path
    """The one folder that holds all state; `xinbo backup` moves it."""
    host: str
    """The address that web, edge and media listen on."""
    web_port: int
    edge_port: int
    media_port: int
    rtmp_port: int
    postgres_port: int
    nats_port: int
    postgres_url: str | None
    nats_url: str | None
    clickhouse_url: str | None
    edge_urls: str | None
    """Addresses that browsers reach edges at, comma separated; else this host, `edge_port`."""
    media_url: str | None
    """Address that browsers reach the media engine at; else this host, `media_port`."""
    origins: str | None = None
    """Further sites whose pages may join live rooms, comma separated: `https://shop.example`."""
    ice_servers: str = ""
    """STUN and TURN servers by which guests find the host's page, comma separated: `stun:…`."""
    web_dist: Path
    """The built pages."""
    secret: str
    """Signs tickets, hooks and sandbox callbacks. Made at first start, kept in `data`."""
    dev: bool
    """Shows the sandbox's SMS codes and payment outcomes to anyone: never on a public server."""
    sandbox: bool = True
    """Whether the payment provider that moves no money is offered. As `dev` says, if not set."""
    public_url: str | None = None
    """Address that the world reaches web at: payment providers call back and return there."""
    pay: dict[str, str] = {}
    """Accounts with payment providers: all of `XINBO_ALIPAY_…`, `…_WECHATPAY_…`, `…_STRIPE_…`."""

    unpaid_orders: str = "5,8,20"
    """How many orders of one person, browser and door may await payment at once; 0: any number."""

    @classmethod
    def load(cls) -> Self:
        """Read the environment."""
        env = {key.removeprefix("XINBO_").lower(): v for key, v in os.environ.items() if v}
        data = Path(env.get("data", "data")).absolute()
        return cls(
            data=data,
            host=env.get("host", "127.0.0.1"),
            web_port=int(env.get("web_port", "8000")),
            edge_port=int(env.get("edge_port", "8100")),
            media_port=int(env.get("media_port", "8200")),
            rtmp_port=int(env.get("rtmp_port", "1935")),
            postgres_port=int(env.get("postgres_port", "5440")),
            nats_port=int(env.get("nats_port", "4240")),
            postgres_url=env.get("postgres_url"),
            nats_url=env.get("nats_url"),
            clickhouse_url=env.get("clickhouse_url"),
            edge_urls=env.get("edge_urls"),
            media_url=env.get("media_url"),
            origins=env.get("origins"),
            ice_servers=env.get("ice_servers", ""),
            web_dist=Path(env.get("web_dist", ROOT / "web" / "dist")),
            secret=env.get("secret") or _kept_secret(data),
            dev=env.get("dev", "1") == "1",
            sandbox=env.get("sandbox", env.get("dev", "1")) == "1",
            public_url=env.get("public_url"),
            unpaid_orders=env.get("unpaid_orders", "5,8,20"),
            pay={name: value for name, value in env.items() if name.startswith(PAY)},
        )

    @property
    def database_url(self) -> str:
        """SQLAlchemy's address of PostgreSQL, asyncpg driver."""
        url = self.postgres_url or f"postgresql://xinbo@127.0.0.1:{self.postgres_port}/xinbo"
        return url.replace("postgresql://", "postgresql+asyncpg://", 1)

    @property
    def bus_url(self) -> str:
        """NATS's address."""
        return self.nats_url or f"nats://127.0.0.1:{self.nats_port}"

    @property
    def web_url(self) -> str:
        """Address that the other processes of this machine reach web at."""
        return f"http://127.0.0.1:{self.web_port}"

    def key(self, purpose: str) -> bytes:
        """Derive the 32-byte key of one purpose, so that no signature serves another."""
        return hmac.digest(self.secret.encode(), purpose.encode(), hashlib.sha256)

    @property
    def most_unpaid(self) -> tuple[int, int, int]:
        """The limits of `unpaid_orders`: person, browser, door."""
        person, device, place = (int(part) for part in self.unpaid_orders.split(","))
        return person, device, place

    @property
    def hook_token(self) -> str:
        """Bearer token of the media engine's hooks."""
        return self.key("media-hooks").hex()


def _kept_secret(data: Path) -> str:
    """Read the secret of this data folder, making it once; the first of two racers wins."""
    file = data / "secret"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_text(secrets.token_urlsafe(32))
        fresh.chmod(0o600)
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text()
