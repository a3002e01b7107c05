"""`xinbo merchant`: open a merchant and seat its owner, while Xinbo runs."""

import argparse
import asyncio
import getpass
import os
import sys

import msgspec

from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import running
from xinbo.engines.tx import Database, Role, system
from xinbo.identity import accounts, merchants
from xinbo.identity.accounts import AddStaff
from xinbo.identity.merchants import Merchant
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import new_id


def run(options: argparse.Namespace) -> int:
    """Open the merchant; return 0, or 1 with the reason."""
    settings = Settings.load()
    state = running(settings.data)
    if settings.postgres_url is None and state is None:
        print(f"Nothing runs on {settings.data}: start it first (xinbo up --no-demo).")  # noqa: T201
        return 1
    url = state.urls["postgres"] if state else settings.database_url
    password = os.environ.get("XINBO_OWNER_PASSWORD") or getpass.getpass("Owner's password: ")
    try:
        wish = msgspec.convert(
            {"email": options.email, "name": options.owner, "role": "owner", "password": password},
            AddStaff,
        )
        asyncio.run(_open(url, options, wish))
    except (XinboError, msgspec.ValidationError) as refusal:
        print(f"{type(refusal).__name__}: {refusal}", file=sys.stderr)  # noqa: T201
        return 1
    print(f"{options.name} is open: sign in to the console as {options.email}.")  # noqa: T201
    return 0


async def _open(url: str, options: argparse.Namespace, owner: AddStaff) -> None:
    merchant = Merchant(
        id=new_id(),
        slug=options.slug,
        name=options.name,
        tagline=options.tagline,
        avatar_url=None,
        seller_name=options.seller,
        seller_address=options.address,
        seller_contact=options.contact,
        licence_number=options.licence,
    )
    asynchronous = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    database = Database(asynchronous, RecordedJobs(), pool=1)
    try:
        async with database.begin(system(merchant.id)) as tx:
            await merchants.open_merchant(tx, merchant)
            await accounts.add_staff(tx, msgspec.structs.replace(owner, role=Role.OWNER))
    finally:
        await database.engine.dispose()
