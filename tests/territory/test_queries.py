"""Finding communes."""

import pytest

from incubator.core.database import column
from incubator.core.errors import NotFound
from incubator.territory.queries import (
    MeantEpci,
    commune,
    communes_named,
    meant_commune,
    meant_epci,
    search_communes,
    search_epci,
)


@pytest.mark.parametrize("text", ["orleans", "ORLÉANS", "Orle\u0301ans", "45100", " orléan "])
async def test_accents_case_and_postcodes_lead_to_the_same_commune(db, text):
    assert (await search_communes(text))[0].insee_code == "45234"


async def test_what_begins_with_the_text_comes_first_then_the_most_populous(db):
    assert [found.name for found in await search_communes("vierzon")] == ["Vierzon"]
    assert [found.name for found in await search_communes("blois", limit=3)] == [
        "Blois",
        "Blois-sur-Seille",
        "Saint-Martin-d'Ablois",
    ]


async def test_an_abbreviated_saint_is_found(db):
    assert "Saint-Amand-Montrond" in [found.name for found in await search_communes("St Amand-Mont")]


@pytest.mark.parametrize("text", ["%", "_", "%%%", "___", "\\", "' OR 1=1 --", "x" * 2000, "", "a"])
async def test_signs_are_never_wildcards(db, text):
    assert await search_communes(text) == []


async def test_typing_an_exact_name_means_that_commune(db):
    assert [found.insee_code for found in await communes_named("tours")] == ["37261"]
    assert len(await communes_named("Saint-Denis")) > 1


async def test_everything_above_a_commune_is_derived(db):
    tours = await commune("37261")
    assert (tours.departement, tours.region, tours.region_code) == ("Indre-et-Loire", "Centre-Val de Loire", "24")
    assert tours.epci == "Tours Métropole Val de Loire"
    with pytest.raises(NotFound):
        await commune("00000")


async def test_the_search_is_one_statement_that_uses_its_index(db, statements):
    with statements() as seen:
        await search_communes("chateauroux")
    assert [statement.rows for statement in seen] == [2]
    plan = await column("EXPLAIN " + seen[0].sql.replace("$1", "'chateauroux'").replace("$2", "10"))
    assert "commune_search_trigrams" in " ".join(plan)


@pytest.mark.parametrize(
    ("code", "text", "meant"),
    [
        ("37261", "Tours", "37261"),
        ("37261", None, "37261"),
        ("", "45100", "45234"),
        ("37261", "Bourges", "18033"),
        ("37261", "", None),
        ("", "Saint-Denis", None),
        ("99999", None, None),
    ],
)
async def test_the_text_wins_over_a_choice_it_no_longer_fits(db, code, text, meant):
    assert (await meant_commune(code, text)).code == meant


async def test_an_unclear_text_gives_something_to_choose_from(db):
    assert len((await meant_commune("", "Saint-Denis")).options) > 1


async def test_an_epci_is_found_by_part_of_its_name_or_its_siren(db):
    assert [one.siren for one in await search_epci("orléans métro")] == ["244500468"]
    assert (await search_epci("244500468"))[0].label == "Orléans Métropole (Loiret)"
    assert "Loches Sud Touraine" in (await search_epci("loches"))[0].name
    for text in ("", "%", "_", "' OR 1=1 --", "\x00"):
        assert await search_epci(text) == []


async def test_an_epci_that_is_not_clear_is_chosen_from_a_list(db):
    assert await meant_epci("", "Orléans Métropole") == MeantEpci("244500468")
    assert await meant_epci("244500468", "orléans") == MeantEpci("244500468")
    unclear = await meant_epci("999999999", "val de")
    assert (unclear.code, len(unclear.options) > 1) == (None, True)
