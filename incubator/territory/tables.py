"""The administrative map."""

from piccolo.columns import Array, Text
from piccolo.table import Table

from incubator.core.columns import count, decimal, reference, words
from incubator.core.database import DB


class Region(Table, db=DB):
    """A French region, by its INSEE code."""

    code = Text(primary_key=True, null=False)
    name = words()


class Departement(Table, db=DB):
    """A département, by its INSEE code (`2A`, `45`, `974`)."""

    code = Text(primary_key=True, null=False)
    name = words()
    region = reference(Region)


class Epci(Table, db=DB):
    """An inter-municipal authority, by its SIREN. `kind`: CC, CA, CU, METRO or MET69."""

    siren = Text(primary_key=True, null=False)
    name = words()
    kind = words()
    population = count()


class Commune(Table, db=DB):
    """A commune, by its INSEE code. `search` is its name without accents or case, then its postcodes."""

    insee_code = Text(primary_key=True, null=False)
    name = words()
    departement = reference(Departement)
    epci = reference(Epci, null=True)
    population = count()
    postcodes = Array(base_column=Text(), null=False)
    search = words()
    latitude = decimal(8, 5, null=True)
    longitude = decimal(8, 5, null=True)
