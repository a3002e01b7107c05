"""The real application in a process of its own, with one more route: one row by its key.

Run as `python -m bench.catalogue._server PORT DATABASE_URL`.
"""

import sys
import tempfile
from pathlib import Path
from uuid import UUID

import msgspec
import uvicorn
import uvloop
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import text

from xinbo.app import create_app
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database, Tx

ROW = text("select id, title from product where id = :id")


@get("/bench/row/{product_id:uuid}")
async def row(tx: NamedDependency[Tx], product_id: FromPath[UUID]) -> dict[str, str]:
    """Fetch one row: what any answer with anything from the database costs at least."""
    found = (await tx.db.execute(ROW, {"id": product_id})).one()
    return {"id": str(found.id), "title": found.title}


async def serve(port: int, url: str) -> None:
    """Serve until killed."""
    settings = msgspec.structs.replace(
        Settings.load(), data=Path(tempfile.gettempdir()), web_port=port
    )
    app = create_app(Database(url, RecordedJobs()), settings)
    app.register(row)
    config = uvicorn.Config(
        app, port=port, log_level="warning", access_log=False, lifespan="on", server_header=False
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
