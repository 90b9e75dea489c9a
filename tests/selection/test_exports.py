"""The file of everything with its scores (R49)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from incubator.core.database import execute, value
from incubator.people.queries import Person
from incubator.selection.exports import number_cell, text_cell
from tests.selection.world import Scene, a_closed_call
from tests.world.programmes import the_programme
from tests.world.selection import a_committee, scored

pytestmark = pytest.mark.usefixtures("db")
SignedIn = Callable[[Person], Any]


async def test_the_export_holds_every_voice_and_says_where_it_comes_from(
    scene: Scene, signed_in: SignedIn, statements: Any
) -> None:
    """R49."""
    await execute("UPDATE application SET filed_name = '=cmd|calc' WHERE project = $1", scene.second.project)
    for member in scene.sitting.members:
        await scored(scene.first.application, member, 4, given={"A2": None}, comment='-1+1 ; "guillemets"\net deux lignes')
    manager = await signed_in(scene.sitting.manager)
    address = f"/committees/{scene.sitting.id}/assessments.csv"
    with statements() as seen:
        answer = await manager.get(address)
    assert answer.status_code == 200
    assert len(seen) <= 5, [one.sql[:80] for one in seen]
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert lines[0] == ["Évaluations du comité", "Comité de sélection"]
    assert lines[2][2:] == ["par", "Maryse Gérante"]
    assert lines[3][2] == "2"
    titles, *rows = lines[5:]
    assert len(rows) == 4
    first = dict(zip(titles, rows[0], strict=True))
    assert (first["Projet"], first["Voix"], first["Moyenne"], first["Total du membre"]) == (
        "Roule Sologne",
        "3",
        "80,000",
        "80,000",
    )
    assert first["Commentaire"] == '\'-1+1 ; "guillemets"\net deux lignes'
    assert next(value for title, value in first.items() if title.startswith("A2")) == "NSP"
    last = dict(zip(titles, rows[3], strict=True))
    assert (last["Projet"], last["Moyenne"], last["Membre"], last["Voix"]) == ("'=cmd|calc", "", "", "0")
    assert (
        await value("SELECT count(*) FROM journal_entry WHERE verb = 'scores.exported' AND subject = $1", scene.sitting.id) == 1
    )


async def test_an_empty_export_is_refused_with_its_reason(db: None, signed_in: SignedIn) -> None:
    """R49, E08."""
    world = await the_programme()
    sitting = await a_committee(await a_closed_call(world))
    manager = await signed_in(sitting.manager)
    answer = await manager.get(f"/committees/{sitting.id}/assessments.csv")
    assert answer.status_code == 409
    assert "rien à exporter" in answer.text
    assert await value("SELECT count(*) FROM journal_entry WHERE verb = 'scores.exported'") == 0


@pytest.mark.parametrize("opening", ["=1", "+33 6", "-1", "@SUM", "\tx", "＝1", "＋1", "－1", "＠x"])
def test_a_cell_never_opens_a_formula(opening: str) -> None:
    """E07."""
    assert text_cell(opening) == f"'{opening}"


def test_other_cells_stay_as_they_are() -> None:
    assert text_cell("0612345678") == "0612345678"
    assert text_cell("Roule = Sologne") == "Roule = Sologne"
    assert (text_cell(None), number_cell(None)) == ("", "")
