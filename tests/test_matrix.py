"""The route × person matrix is what the file says, and the file lists every route."""

from __future__ import annotations

import pytest

from tests.matrix import FILE, Matrix, body_of, declared, fill, outcome, routes, written
from tests.world.everyone import Built, everyone

PEOPLE = (
    "visitor",
    "depositor",
    "member",
    "reader",
    "former_member",
    "refused_holder",
    "stranger",
    "juror",
    "juror_in_conflict",
    "juror_unsigned",
    "coach",
    "other_coach",
    "instructor",
    "manager",
    "other_manager",
)


@pytest.fixture
async def built(db: None) -> Built:
    return await everyone()


async def test_everyone_gets_what_the_matrix_says(built: Built, app, client, signed_in) -> None:
    browsers = {"visitor": client} | {name: await signed_in(person) for name, person in built.people.items()}
    found: Matrix = {}
    for method, path in routes(app):
        where, body = fill(path, built.ids), body_of(app, method, path, built.ids)
        found[f"{method} {path}"] = {name: await outcome(browsers[name], method, where, body) for name in PEOPLE}
    if not FILE.exists():
        FILE.write_text(written(found))
    assert found == declared()
