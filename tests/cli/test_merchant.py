"""A shop of one's own is opened from the command line, with an owner and a seller of record."""

import os
import subprocess
import sys

import pytest

from tests.support import NOW
from xinbo.engines.embedded import Postgres
from xinbo.engines.tx import Actor, Database, Role, system
from xinbo.identity import accounts, merchants
from xinbo.identity.accounts import StaffSignIn
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio

SELLER = [
    "--seller",
    "青禾生活科技有限公司",
    "--address",
    "杭州",
    "--contact",
    "400",
    "--licence",
    "9133",
]


def xinbo(postgres: Postgres, *words: str, password: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "xinbo", "merchant", *words],
        env=os.environ
        | {
            "XINBO_DATA": str(postgres.folder.parent),
            "XINBO_POSTGRES_URL": postgres.url,
            "XINBO_OWNER_PASSWORD": password,
        },
        capture_output=True,
        text=True,
        check=False,
    )


async def test_an_opened_merchant_has_a_seller_and_an_owner_who_can_sign_in(
    postgres: Postgres, database: Database
) -> None:
    slug, email = f"shop-{new_id()}", f"{new_id()}@example.com"

    told = xinbo(postgres, slug, "青禾", email, *SELLER, password="a good long one")

    assert (told.returncode, email in told.stdout) == (0, True)
    nobody = Actor(new_id(), Role.GUEST, address=str(new_id()))
    async with database.begin(nobody, NOW) as tx:
        me, _ = await accounts.staff_sign_in(
            tx, StaffSignIn(email=email, password="a good long one")
        )
    assert (me.role, me.merchant_slug) == (Role.OWNER, slug)
    async with database.begin(system(me.merchant_id)) as tx:
        assert (await merchants.current(tx)).seller_name == "青禾生活科技有限公司"


async def test_what_is_refused_opens_nothing(postgres: Postgres, database: Database) -> None:
    slug = f"shop-{new_id()}"
    refused = xinbo(postgres, slug, "青禾", "owner@example.com", *SELLER, password="short")
    assert refused.returncode == 1
    assert "password" in refused.stderr
    async with database.begin(system(NIL)) as tx:
        with pytest.raises(merchants.MerchantNotFound):
            await merchants.find(tx, slug)


async def test_a_merchant_without_a_seller_of_record_is_not_opened(postgres: Postgres) -> None:
    assert xinbo(postgres, "x", "青禾", "o@example.com", password="a good long one").returncode == 2
