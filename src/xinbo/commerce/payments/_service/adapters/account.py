"""What a process knows of the merchant's account with a provider, from the settings."""

from pathlib import Path

from msgspec import Struct

from xinbo.engines.settings import Settings

HOOK = "/api/v1/hooks/payments/"
PATIENCE = 7.0
"""Seconds for one step of a call: a row is locked meanwhile, for which others wait 10."""


class Incomplete(Exception):
    """Raised when an account is set up in part (its settings that are missing)."""


class Account(Struct, frozen=True):
    """The settings of one provider: `XINBO_<NAME>_…`."""

    name: str
    values: dict[str, str]
    public_url: str
    """Where the world reaches the shop."""

    @classmethod
    def of(cls, settings: Settings, name: str) -> "Account | None":
        """Read a provider's settings; None where there are none."""
        start = f"{name}_"
        values = {
            key.removeprefix(start): value
            for key, value in settings.pay.items()
            if key.startswith(start)
        }
        return cls(name, values, settings.public_url or settings.web_url) if values else None

    def need(self, name: str) -> str:
        """Return a setting, or raise `Incomplete`."""
        if name not in self.values:
            raise Incomplete(f"XINBO_{self.name}_{name}".upper())
        return self.values[name]

    def file(self, name: str) -> bytes:
        """Read the file that a setting names, or raise `Incomplete`."""
        path = Path(self.need(name))
        if not path.is_file():
            raise Incomplete(f"XINBO_{self.name}_{name}={path}".upper())
        return path.read_bytes()

    @property
    def fee_rate(self) -> int | None:
        """Return what the contract says that a payment costs, per 10,000, if that is set."""
        return int(self.values["fee_rate"]) if "fee_rate" in self.values else None

    @property
    def notify_url(self) -> str:
        """Where the provider calls back."""
        return f"{self.public_url}{HOOK}{self.name}"
