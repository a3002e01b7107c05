"""Run the process that tickets open."""

from xinbo.engines.settings import Settings


async def serve(settings: Settings) -> None:
    """Run an edge until cancelled."""
    # Web, which hands out tickets, needs no socket server.
    from xinbo.live.edge._server import run  # noqa: PLC0415

    await run(settings)
