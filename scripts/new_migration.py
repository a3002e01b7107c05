"""Write the next migration: what the tables in the code have and the migrations do not yet.

Usage: python scripts/new_migration.py "what changes, in a few words"
"""

import argparse
import importlib
import tempfile
from pathlib import Path

import alembic.command
import alembic.config
from sqlalchemy import create_engine

from xinbo.engines.db import MIGRATIONS, Model
from xinbo.engines.embedded import Postgres

SOURCE = Path(__file__).parents[1] / "src"


def import_tables() -> None:
    """Import every room's tables, so that the metadata knows them."""
    for file in sorted(SOURCE.glob("xinbo/*/*/_models.py")):
        importlib.import_module(".".join(file.relative_to(SOURCE).with_suffix("").parts))


def main() -> None:
    """Compare an empty database, migrated, with the code; write the difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message")
    message = parser.parse_args().message
    import_tables()
    number = f"{len(list((MIGRATIONS / 'versions').glob('*.py'))) + 1:04d}"
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["metadata"] = Model.metadata
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder) / "postgres") as server:
        engine = create_engine(server.url.replace("postgresql://", "postgresql+psycopg://", 1))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "head")
            alembic.command.revision(config, message, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    main()
