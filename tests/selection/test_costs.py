"""What pages cost does not depend on how many rows there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from incubator.core.database import execute
from incubator.people.queries import Person, person
from tests.selection.world import Candidate, Scene, a_candidate
from tests.world.selection import declared, scored

pytestmark = pytest.mark.usefixtures("db")
SignedIn = Callable[[Person], Any]


def mine(candidate: Candidate) -> str:
    return f"/applications/{candidate.application}/assessments/mine"


@pytest.mark.parametrize("asked", [("page", 6), ("api", 3)])
async def test_a_ranking_costs_the_same_for_one_and_for_many(
    scene: Scene, signed_in: SignedIn, statements: Any, asked: tuple[str, int]
) -> None:
    kind, limit = asked
    address = ("/api/v1" if kind == "api" else "") + f"/committees/{scene.sitting.id}/ranking"
    manager = await signed_in(scene.sitting.manager)
    await manager.get(address)
    with statements() as few:
        await manager.get(address)
    for name in ("Trois", "Quatre", "Cinq"):
        candidate = await a_candidate(scene.world, scene.call, name)
        await execute(
            "INSERT INTO presentation (id, committee, application, presented_at, presented_by, flags)"
            " VALUES (gen_random_uuid(), $1, $2, now(), $3, '{}')",
            scene.sitting.id, candidate.application, scene.sitting.manager.id,
        )  # fmt: skip
        for member in scene.sitting.members:
            await scored(candidate.application, member)
    with statements() as many:
        answer = await manager.get(address)
    assert answer.status_code == 200
    assert len(few) == len(many) <= limit, [one.sql[:80] for one in many]


async def test_saving_twelve_marks_is_a_handful_of_statements(scene: Scene, signed_in: SignedIn, statements: Any) -> None:
    """To reach: 12 at most, journal and figures included."""
    member = scene.sitting.members[0]
    await declared(scene.first.application, member)
    browser = await signed_in(member)
    await browser.get(mine(scene.first))
    body = {"scores": {one.code: "4" for one in scene.sitting.criteria}, "finished": True, "version": 0}
    with statements() as seen:
        answer = await browser.send_json("PUT", f"/api/v1{mine(scene.first)}", body)
    assert answer.json() == {"version": 1}
    assert len(seen) <= 12, [one.sql[:80] for one in seen]
    with statements() as detail:
        await (await signed_in(scene.sitting.manager)).get(f"/applications/{scene.first.application}/assessments")
    assert len(detail) <= 8, [one.sql[:80] for one in detail]


async def test_my_files_cost_the_same_for_one_and_for_many(scene: Scene, signed_in: SignedIn, statements: Any) -> None:
    browser = await signed_in(scene.sitting.members[0])
    address = f"/committees/{scene.sitting.id}"
    with statements() as few:
        await browser.get(address)
    for member in scene.sitting.members:
        await scored(scene.first.application, member)
    with statements() as many:
        await browser.get(address)
    assert len(few) == len(many) <= 6


async def test_pages_of_ranking_tell_every_project_once(scene: Scene, signed_in: SignedIn) -> None:
    """D15: equal means over two pages, in a stable order."""
    for index in range(60):
        candidate = await a_candidate(scene.world, scene.call, f"Projet {index:03d}")
        await execute(
            "INSERT INTO presentation (id, committee, application, presented_at, presented_by, flags, assessments_count, mean)"
            " VALUES (gen_random_uuid(), $1, $2, now(), $3, '{}', 3, $4::int)",
            scene.sitting.id, candidate.application, scene.sitting.manager.id, 60 + index % 2,
        )  # fmt: skip
    manager = await signed_in(await person(scene.sitting.manager.id))
    seen: list[str] = []
    positions: list[int] = []
    after = ""
    while after is not None:
        answer = (
            await manager.get(f"/api/v1/committees/{scene.sitting.id}/ranking", params={"after": after} if after else {})
        ).json()
        seen += [line["application"] for line in answer["lines"]["items"]]
        positions += [line["position"] for line in answer["lines"]["items"]]
        after = answer["lines"]["next"]
    assert len(seen) == len(set(seen)) == 62
    assert positions == list(range(1, 63))
    assert (await manager.get(f"/committees/{scene.sitting.id}/ranking?after=bidon")).status_code == 422
    await published_page_is_whole(manager, scene)


async def published_page_is_whole(manager: Any, scene: Scene) -> None:
    page = (await manager.get(f"/committees/{scene.sitting.id}/ranking")).text
    assert page.count("<tr>") == 51
    assert "?after=" in page
