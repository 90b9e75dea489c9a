"""Finding a commune, and what follows from it: EPCI, département, region. The map is public."""

from __future__ import annotations

import msgspec

from incubator.core.database import row, rows, value
from incubator.core.errors import NotFound
from incubator.core.text import like, search_form

TEXT_MIN = 2
SHORT_WORDS = {"st": "saint", "ste": "sainte"}


class FoundCommune(msgspec.Struct, frozen=True):
    """A commune as a list of answers shows it."""

    insee_code: str
    name: str
    postcodes: list[str]
    departement: str

    @property
    def label(self) -> str:
        """Orléans (45000, Loiret)"""
        return f"{self.name} ({', '.join([*self.postcodes[:1], self.departement])})"


class CommuneView(msgspec.Struct, frozen=True):
    """A commune and the authorities it belongs to; `population` in inhabitants."""

    insee_code: str
    name: str
    postcodes: list[str]
    population: int
    departement_code: str
    departement: str
    region_code: str
    region: str
    epci_siren: str | None
    epci: str | None


def searched(text: str) -> str:
    """What is looked for: no accents, no case, no punctuation, `st` spelt out; "" when it is too short to search."""
    wanted = " ".join(SHORT_WORDS.get(word, word) for word in search_form(text).split())
    return wanted if len(wanted) >= TEXT_MIN else ""


async def search_communes(text: str, limit: int = 10) -> list[FoundCommune]:
    """Communes whose name or postcode holds the text: those that begin with it first, then the most populous."""
    wanted = searched(text)
    if not wanted:
        return []
    return await rows(
        FoundCommune,
        "SELECT c.insee_code, c.name, c.postcodes, d.name FROM commune c JOIN departement d ON d.code = c.departement"
        " WHERE c.search LIKE '%' || $1 || '%'"
        " ORDER BY NOT (c.search LIKE $1 || '%' OR ' ' || array_to_string(c.postcodes, ' ') LIKE '% ' || $1 || '%'),"
        " c.population DESC, c.insee_code LIMIT $2",
        like(wanted),
        limit,
    )


async def communes_named(text: str, limit: int = 10) -> list[FoundCommune]:
    """What a person can have meant by typing this: the communes of exactly that name, else any that hold it."""
    wanted = searched(text)
    if not wanted:
        return []
    exact = await rows(
        FoundCommune,
        "SELECT c.insee_code, c.name, c.postcodes, d.name FROM commune c JOIN departement d ON d.code = c.departement"
        " WHERE c.search LIKE $1 || '%' AND c.search = concat_ws(' ', $2::text, NULLIF(array_to_string(c.postcodes, ' '), ''))"
        " ORDER BY c.population DESC, c.insee_code LIMIT $3",
        like(wanted),
        wanted,
        limit,
    )
    return exact or await search_communes(text, limit)


async def commune(insee_code: str) -> CommuneView:
    """A commune by its INSEE code. Raises `NotFound`."""
    found = await row(
        CommuneView,
        "SELECT c.insee_code, c.name, c.postcodes, c.population, d.code, d.name, r.code, r.name, e.siren, e.name"
        " FROM commune c JOIN departement d ON d.code = c.departement JOIN region r ON r.code = d.region"
        " LEFT JOIN epci e ON e.siren = c.epci WHERE c.insee_code = $1",
        insee_code,
    )
    if found is None:
        raise NotFound
    return found


class Meant(msgspec.Struct, frozen=True):
    """The commune a person picked (`code`), or those to choose from when it is not clear which."""

    code: str | None
    options: list[FoundCommune] = []


async def meant_commune(code: str, text: str | None) -> Meant:
    """What a picker's two fields say: the code chosen, when it fits the text; else what the text names.

    `text` is None when there is no such field (programs give the code alone).
    """
    wanted = searched(text or "")
    if (
        code
        and (text is None or wanted)
        and await value(
            "SELECT EXISTS (SELECT FROM commune WHERE insee_code = $1 AND search LIKE '%' || $2 || '%')", code, like(wanted)
        )
    ):
        return Meant(code)
    options = await communes_named(text or "")
    return Meant(options[0].insee_code) if len(options) == 1 else Meant(None, options)
