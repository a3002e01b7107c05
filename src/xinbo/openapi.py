"""The OpenAPI document that the front end's types are made from."""

from typing import Any

import msgspec

from xinbo.app import create_app
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database


def document() -> dict[str, Any]:
    """Return the document of the whole application, without connecting to anything."""
    database = Database("postgresql+asyncpg://", RecordedJobs())
    return msgspec.to_builtins(create_app(database, Settings.load()).openapi_schema.to_schema())
