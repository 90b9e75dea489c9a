"""Loading the administrative map that comes with the product."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from incubator.core.database import connection, execute, transaction
from incubator.core.text import search_form

DATA = Path(__file__).parent / "data"


async def load_territory(*, at: datetime) -> None:
    """Fill regions, départements, EPCI and communes from the shipped files; what is there already is brought up to date.

    Done by `incubator migrate`, as the owner of the tables; `at` says which map counts, for the day there are several.
    """
    del at
    async with transaction():
        await _merge("region", ("code", "name"), [(line["code"], line["name"]) for line in _lines("regions.csv")])
        await _merge("departement", ("code", "name", "region"), [tuple(line.values()) for line in _lines("departements.csv")])
        await _merge("epci", ("siren", "name", "kind", "population"), [_epci(line) for line in _lines("epci.csv")])
        columns = ("insee_code", "name", "departement", "epci", "population", "postcodes", "search", "latitude", "longitude")
        await _merge("commune", columns, [_commune(line) for line in _lines("communes.csv.gz")])


def _lines(name: str) -> list[dict[str, str]]:
    raw = (DATA / name).read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode()
    return list(csv.DictReader(io.StringIO(text)))


def _epci(line: dict[str, str]) -> tuple[Any, ...]:
    return line["siren"], line["name"], line["kind"], int(line["population"] or 0)


def _commune(line: dict[str, str]) -> tuple[Any, ...]:
    postcodes = line["postcodes"].split()
    return (
        line["insee_code"],
        line["name"],
        line["departement"],
        line["epci"] or None,
        int(line["population"] or 0),
        postcodes,
        " ".join([search_form(line["name"]), *postcodes]),
        Decimal(line["latitude"]) if line["latitude"] else None,
        Decimal(line["longitude"]) if line["longitude"] else None,
    )


async def _merge(table: str, columns: Sequence[str], records: list[tuple[Any, ...]]) -> None:
    """Copy the records in bulk, then insert what is new and update what differs; the first column is the key."""
    listed = ", ".join(columns)
    set_to = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns[1:])
    stored, given = (", ".join(f"{side}.{name}" for name in columns[1:]) for side in (table, "EXCLUDED"))
    await execute(f"CREATE TEMPORARY TABLE incoming_{table} ON COMMIT DROP AS SELECT {listed} FROM {table} LIMIT 0")  # noqa: S608
    async with connection() as held:
        await held.copy_records_to_table(f"incoming_{table}", records=records, columns=list(columns))
    await execute(
        f"INSERT INTO {table} ({listed}) SELECT {listed} FROM incoming_{table} ON CONFLICT ({columns[0]})"  # noqa: S608
        f" DO UPDATE SET {set_to} WHERE ({stored}) IS DISTINCT FROM ({given})"
    )
