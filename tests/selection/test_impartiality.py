"""Who is of a team, or has an interest, finds nothing of it: by whichever way they came to be known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.core.errors import Conflict, NotFound
from incubator.home.queries.home import home_of
from incubator.selection.queries import decision_for_team
from incubator.selection.queries.members import my_files
from incubator.selection.tables import College
from tests.selection.world import CANARY, Scene, decide_all
from tests.world.people import a_coach, an_instructor, someone
from tests.world.projects import a_member, a_named_member
from tests.world.selection import decided, declared, published, scored, sit

pytestmark = pytest.mark.usefixtures("db")


async def test_a_member_of_the_team_never_scores_their_own_project(scene: Scene) -> None:
    """R13: from the moment they accept, whichever seat they hold."""
    juror = await someone("Jo", email="jo@exemple.fr")
    await sit(scene.sitting.id, juror, College.ESS, by=scene.sitting.manager)
    await a_member(scene.first.project, "Jo", juror.email, by=scene.first.holder, role="reader")
    for act in (declared, scored):
        with pytest.raises(NotFound):
            await act(scene.first.application, juror)
    files = (await my_files(juror, scene.sitting.id, None)).files.items
    assert sorted((one.state, one.name) for one in files) == [("not_mine", None), ("to_declare", "Nuit’Abri")]


async def test_an_address_named_or_invited_is_told_nothing_before_its_owner_accepts(scene: Scene) -> None:
    """An address typed by someone else gives nothing, even confirmed; who accepts reads and is told the decision."""
    named, mate = await someone("Jo", email="jo@exemple.fr"), await someone("Ada", email="ada@exemple.fr")
    await a_named_member(scene.first.project, "Jo", named.email)
    await a_member(scene.first.project, "Ada", mate.email, by=scene.first.holder)
    await execute("UPDATE account SET confirmed_at = $2 WHERE id = $1", named.id, now())
    await decide_all(scene)
    await published(scene.sitting)
    with pytest.raises(NotFound):
        await decision_for_team(named, scene.first.application)
    assert (await decision_for_team(mate, scene.first.application)).outcome == "retained"
    told = "SELECT count(*) FROM letter WHERE kind LIKE 'selection.%' AND to_account = $1"
    assert (await value(told, named.id), await value(told, mate.id)) == (0, 1)


async def test_the_home_of_a_member_counts_nothing_of_their_own_project(scene: Scene) -> None:
    """R13: nor does the manager wait for their voice."""
    juror, *others = scene.sitting.members
    await a_member(scene.first.project, juror.name, juror.email, by=scene.first.holder)
    home = await home_of(juror, now())
    assert [(one.files_count, one.handed_in_count) for one in home.committees] == [(1, 0)]
    for member in others:
        await scored(scene.first.application, member)
    of_manager = await home_of(scene.sitting.manager, now())
    assert [(one.handed_in_count, one.expected_count) for one in of_manager.calls] == [(2, 5)]


async def test_staff_with_a_declared_interest_find_no_file(scene: Scene, signed_in: Callable[..., Any]) -> None:
    """R10: neither the file, nor its eligibility, nor its place in the queue, nor the reasons once they are out."""
    of_staff = await an_instructor(scene.world.programme)
    await sit(scene.sitting.id, of_staff, College.TEAM, by=scene.sitting.manager)
    await declared(scene.first.application, of_staff, interest=True)
    browser, file = await signed_in(of_staff), f"applications/{scene.first.application}"
    for path in (f"/{file}", f"/{file}/eligibility", f"/api/v1/{file}", f"/api/v1/{file}/eligibility"):
        hidden = await browser.get(path)
        assert (hidden.status_code, CANARY in hidden.text) == (404, False)
    queue = (await browser.get(f"/calls/{scene.call.code}/applications")).text
    assert ("Roule Sologne" in queue, "Nuit’Abri" in queue) == (False, True)
    await decide_all(scene)
    await published(scene.sitting)
    with pytest.raises(NotFound):
        await decision_for_team(of_staff, scene.first.application)


async def test_a_coach_finds_titles_and_states_but_no_file(scene: Scene, signed_in: Callable[..., Any]) -> None:
    """Domain, 5.5: files are read and ruled on by the manager and instructors; a coach sees that they are there."""
    browser, file = await signed_in(await a_coach(scene.world.programme)), f"applications/{scene.first.application}"
    for path in (f"/{file}", f"/{file}/eligibility", f"/api/v1/{file}", f"/api/v1/{file}/eligibility"):
        assert (await browser.get(path)).status_code == 404
    queue = (await browser.get(f"/calls/{scene.call.code}/applications")).text
    assert ("Roule Sologne" in queue, str(scene.first.application) in queue) == (True, False)
    ruling = {"outcome": "inadmissible", "reason": "Je n’instruis pas."}
    assert (await browser.send_json("POST", f"/api/v1/{file}/eligibility-ruling", ruling)).status_code == 404


async def test_what_is_left_to_decide_does_not_name_what_one_has_an_interest_in(
    scene: Scene, signed_in: Callable[..., Any]
) -> None:
    """R10, for the manager too: another one decides."""
    manager = scene.sitting.manager
    await sit(scene.sitting.id, manager, College.TEAM, by=manager)
    await declared(scene.first.application, manager, interest=True)
    await decided(scene.second.application, by=manager)
    with pytest.raises(Conflict) as refused:
        await published(scene.sitting)
    page = (await (await signed_in(manager)).get(f"/committees/{scene.sitting.id}/ranking")).text
    assert ["Roule Sologne" in told for told in (refused.value.reason, page)] == [False, False]
