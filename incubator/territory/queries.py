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


class FoundEpci(msgspec.Struct, frozen=True):
    """An inter-municipal authority as a list of answers shows it; `departement`: where most of its people live."""

    siren: str
    name: str
    departement: str

    @property
    def label(self) -> str:
        """CC Loches Sud Touraine (Indre-et-Loire)"""
        return f"{self.name} ({self.departement})"


async def search_epci(text: str, limit: int = 10) -> list[FoundEpci]:
    """EPCI whose name holds the text, or whose SIREN it is: those that begin with it first, then the most populous."""
    wanted = searched(text)
    if not wanted:
        return []
    held = [(one, name) for one, name in await _every_epci() if wanted in name or wanted == one.siren]
    held.sort(key=lambda pair: (pair[1] != wanted, not pair[1].startswith(wanted)))
    return [one for one, _name in held[:limit]]


_epci: list[tuple[FoundEpci, str]] = []


async def _every_epci() -> list[tuple[FoundEpci, str]]:
    """Each with its name as it is searched, the most populous first. The map comes with the product: it is read once."""
    if not _epci:
        _epci.extend((one, searched(one.name)) for one in await _stored_epci())
    return _epci


async def _stored_epci() -> list[FoundEpci]:
    return await rows(
        FoundEpci,
        "SELECT e.siren, e.name, (SELECT d.name FROM commune c JOIN departement d ON d.code = c.departement"
        " WHERE c.epci = e.siren ORDER BY c.population DESC, c.insee_code LIMIT 1)"
        " FROM epci e ORDER BY e.population DESC, e.siren LIMIT 3000",
    )


class MeantEpci(msgspec.Struct, frozen=True):
    """The EPCI a person picked (`code`), or those to choose from when it is not clear which."""

    code: str | None
    options: list[FoundEpci] = []


async def meant_epci(code: str, text: str) -> MeantEpci:
    """What a picker's two fields say: the code chosen, when it fits the text; else what the text names."""
    options = await search_epci(text)
    if code and code in [one.siren for one in options]:
        return MeantEpci(code)
    exact = [one for one in options if searched(one.name) == searched(text)]
    if len(exact) == 1 or len(options) == 1:
        return MeantEpci((exact or options)[0].siren)
    return MeantEpci(None, options)
