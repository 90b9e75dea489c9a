"""The page of a programme, as anybody reads it."""

from __future__ import annotations

import pytest

from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


async def test_the_page_says_which_axis_is_carried_out_and_by_which_phases(client, statements):
    await the_programme()
    await client.get("/programmes/alter-incub-cvl")
    with statements() as seen:
        page = await client.get("/programmes/alter-incub-cvl")
    assert len(seen) == 2
    for words in ("Axe 4", "URSCOP", "Enquête auprès des usagers", "deux semaines", "Suivi post-incubation"):
        assert words in page.text
    assert page.text.count("Réalisé par ce programme") == 1
    assert page.text.index("Axe 1") < page.text.index("Réalisé par ce programme") < page.text.index("Axe 2")


async def test_an_unknown_programme_does_not_exist(client):
    assert (await client.get("/programmes/inconnu")).status_code == 404
