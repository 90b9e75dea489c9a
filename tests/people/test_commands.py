"""Commands of whoever operates the service: an address typed there is the one that signs in."""

import asyncio
import os
import sys

import pytest

from incubator.core.clock import now
from incubator.core.database import column, value
from incubator.people import actions
from incubator.people.forms import NewPasswordForm, SignInForm
from tests.world.people import PASSWORD, someone
from tests.world.programmes import the_programme

STAFF = "id IN (SELECT account FROM role_assignment)"


async def run(dsn: str, *command: str) -> str:
    """A command, to its end; what it printed."""
    environment = os.environ | {"DATABASE_URL": dsn, "SECRET_KEY": "a secret that only tests know, 32+ characters"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "incubator", *command, env=environment, stdout=asyncio.subprocess.PIPE
    )
    said, _nothing = await process.communicate()
    assert process.returncode == 0
    return said.decode().strip()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Chef@Exemple.FR ", "chef@exemple.fr"),
        ("chef@exémple.fr", "chef@xn--exmple-cva.fr"),
        ("zoe\u0301@exemple.fr", "zo\u00e9@exemple.fr"),
        ("ｃｈｅｆ@exemple.fr", "chef@exemple.fr"),
    ],
)
async def test_the_link_of_a_first_manager_is_good_however_the_address_is_written(committed_db, typed, kept):
    """A11."""
    await the_programme()
    link = await run(committed_db, "create-manager", typed, "Maryse")
    assert await column(f"SELECT email FROM account WHERE {STAFF}") == [kept]
    await actions.choose_password(NewPasswordForm(link.split("token=")[1], PASSWORD), at=now())
    entered, who = await actions.sign_in(SignInForm(email=typed, password=PASSWORD), at=now())
    assert (entered.who.email, [held.role for held in who.roles]) == (kept, ["manager"])


async def test_the_printed_link_is_the_only_one(committed_db):
    """A letter would hold a link that the printed one has made worthless."""
    await the_programme()
    await run(committed_db, "create-manager", "chef@exemple.fr", "Maryse")
    assert await column("SELECT kind FROM letter") == []
    assert await value("SELECT count(*) FROM link_token WHERE used_at IS NULL") == 1


async def test_someone_who_has_an_account_keeps_it(committed_db):
    await the_programme()
    known = await someone(email="chef@exemple.fr")
    await run(committed_db, "create-manager", "Chef@exemple.fr", "Autre nom")
    assert await column("SELECT id FROM account WHERE email = $1", known.email) == [known.id]
    assert await column("SELECT account FROM role_assignment") == [known.id]
