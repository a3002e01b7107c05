"""`xinbo migrate`."""

from xinbo.engines.db import migrate
from xinbo.engines.settings import Settings


async def serve(settings: Settings) -> None:
    """Bring the database to the newest migration."""
    await migrate(settings.database_url)
