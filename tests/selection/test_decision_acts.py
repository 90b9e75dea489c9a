"""Ranking, deciding, publishing: what changes, what is refused, what the outbox says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.people.queries import Person
from incubator.selection import actions
from incubator.selection.forms import (
    DecisionForm,
    PresentationForm,
    PublicationForm,
)
from incubator.selection.queries import decision_for_team, published_decision, retained_of, waiting_list
from incubator.selection.queries.assessments import assessments_of
from incubator.selection.queries.decisions import decision_desk, published_decision_of_project
from incubator.selection.queries.ranking import places_of, ranking
from incubator.selection.tables import College, DecisionOutcome
from tests.selection.world import Scene, a_candidate, a_closed_call, decide_all, verbs_of
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.selection import a_committee, decided, declared, published, scored, sit

pytestmark = pytest.mark.usefixtures("db")


async def test_the_ranking_is_by_mean_then_knock_out_then_first_block(scene: Scene) -> None:
    """R22: equal means are told apart by A1 and B6, then by block A."""
    members = scene.sitting.members
    third = await a_candidate(scene.world, scene.call, "Tissu Commun")
    form = PresentationForm(everything=True)
    await actions.present_applications(scene.sitting.id, form, by=scene.sitting.manager, at=now())
    given = {
        scene.first.application: {"A3": 4, "C9": 2},  # same mean, block A higher
        scene.second.application: {"B6": 4, "B5": 2},  # same mean, knock-outs higher
        third.application: {},
    }
    for application, marks in given.items():
        for member in members:
            await scored(application, member, 3, given=marks)
    lines = (await ranking(scene.sitting.manager, scene.sitting.id, None)).lines.items
    assert [(line.position, line.application, line.mean) for line in lines] == [
        (1, scene.second.application, Decimal("60.000")),
        (2, scene.first.application, Decimal("60.000")),
        (3, third.application, Decimal("60.000")),
    ]


async def test_a_ranking_without_voices_has_no_figures(scene: Scene) -> None:
    line = (await ranking(scene.sitting.manager, scene.sitting.id, None)).lines.items[0]
    assert (line.voices_count, line.mean, line.median, line.flags) == (0, None, None, ["insufficient"])


async def test_scores_are_the_managers_until_decisions_are_out(scene: Scene) -> None:
    """Access matrix (domain, 5.5): instructors after the decision, coaches never, members and strangers never."""
    instructor, coach = await an_instructor(scene.world.programme), await a_coach(scene.world.programme)
    for outsider in (scene.sitting.members[0], scene.first.holder, await someone()):
        with pytest.raises(NotFound):
            await ranking(outsider, scene.sitting.id, None)
        with pytest.raises(NotFound):
            await assessments_of(outsider, scene.first.application)
    for staff in (instructor, coach):
        with pytest.raises(Refused):
            await ranking(staff, scene.sitting.id, None)
    await decide_all(scene)
    await published(scene.sitting)
    assert (await ranking(instructor, scene.sitting.id, None)).lines.items
    with pytest.raises(Refused):
        await ranking(coach, scene.sitting.id, None)


async def test_a_manager_with_an_interest_sees_nothing_of_that_application(scene: Scene) -> None:
    """R10 holds for whoever declares."""
    await sit(scene.sitting.id, scene.sitting.manager, College.TEAM, by=scene.sitting.manager)
    await declared(scene.first.application, scene.sitting.manager, interest=True)
    lines = (await ranking(scene.sitting.manager, scene.sitting.id, None)).lines.items
    assert [line.application for line in lines] == [scene.second.application]
    with pytest.raises(NotFound):
        await assessments_of(scene.sitting.manager, scene.first.application)
    with pytest.raises(NotFound):
        await decided(scene.first.application, by=scene.sitting.manager)
    other = await a_manager(scene.world.programme)
    await decided(scene.first.application, by=other)


async def test_places_tell_when_the_retained_overshoot(scene: Scene) -> None:
    """R26: a warning, not a wall."""
    call = await a_closed_call(scene.world)
    await execute("UPDATE entry_places SET places_count = 1 WHERE call = $1", call.id)
    candidates = [await a_candidate(scene.world, call, name) for name in ("Un", "Deux")]
    sitting = await a_committee(call)
    for candidate in candidates:
        await decided(candidate.application, by=sitting.manager)
    facts = (await ranking(sitting.manager, sitting.id, None)).committee
    told = {place.code: (place.places_count, place.retained_count, place.overshoot) for place in await places_of(facts)}
    assert told == {"pre_incubation": (1, 2, 1), "incubation": (1, 0, 0)}


async def test_a_decision_keeps_the_quorum_of_its_moment(scene: Scene) -> None:
    """R24, D13."""
    for member in scene.sitting.members[:2]:
        await scored(scene.first.application, member)
    await decided(scene.first.application, by=scene.sitting.manager)
    desk = await decision_desk(scene.sitting.manager, scene.first.application)
    assert desk.recorded
    assert (desk.recorded.voters_count, desk.recorded.voices_count, desk.recorded.colleges_count) == (3, 2, 2)
    assert desk.recorded.no_quorum_reason == ""
    assert len(desk.recorded.reasons) == 12
    await decided(scene.second.application, by=scene.sitting.manager)
    lonely = await decision_desk(scene.sitting.manager, scene.second.application)
    assert lonely.recorded
    assert lonely.recorded.voices_count == 0
    assert lonely.recorded.no_quorum_reason


async def test_a_decision_may_change_and_the_second_to_save_sees_the_first(scene: Scene) -> None:
    await decided(scene.first.application, by=scene.sitting.manager, conditions="Une")
    await decided(scene.first.application, by=scene.sitting.manager, outcome=DecisionOutcome.NOT_RETAINED, conditions="Deux")
    desk = await decision_desk(scene.sitting.manager, scene.first.application)
    assert desk.recorded
    assert (desk.recorded.outcome, desk.recorded.phase, desk.recorded.version) == ("not_retained", "", 2)
    stale = DecisionForm(
        outcome=DecisionOutcome.RETAINED, phase="incubation", reasons={"A1": "Oui."}, no_quorum_reason="Urgence.", version=1
    )
    with pytest.raises(Stale) as refused:
        await actions.decide(scene.first.application, stale, by=scene.sitting.manager, at=now())
    assert refused.value.theirs["conditions"] == "Deux"
    assert refused.value.theirs["outcome"] == "Non retenu"
    assert (await verbs_of(scene.first.application))[-2:] == ["decision.recorded", "decision.recorded"]


async def test_only_a_manager_decides(scene: Scene) -> None:
    for other, failure in (
        (await an_instructor(scene.world.programme), Refused),
        (scene.sitting.members[0], NotFound),
        (scene.first.holder, NotFound),
    ):
        with pytest.raises(failure):
            await decided(scene.first.application, by=other)
    assert await value("SELECT count(*) FROM decision") == 0


async def test_publishing_needs_every_decision_and_the_code_of_the_call(scene: Scene) -> None:
    await decided(scene.first.application, by=scene.sitting.manager)
    with pytest.raises(Conflict, match="Sans décision : Nuit’Abri"):
        await published(scene.sitting)
    await decided(scene.second.application, by=scene.sitting.manager, rank=1)
    with pytest.raises(Invalid):
        await actions.publish(scene.sitting.id, PublicationForm(call="AUTRE"), by=scene.sitting.manager, at=now())
    assert await value("SELECT count(*) FROM publication") == 0
    assert await value("SELECT count(*) FROM letter WHERE kind = 'selection.decision'") == 0


async def test_published_decisions_reach_each_team_and_no_other(scene: Scene) -> None:
    for member in scene.sitting.members:
        await scored(scene.first.application, member, 4, comment="Ceci reste au comité")
    await decide_all(scene)
    assert await published_decision(scene.first.application) is None
    with pytest.raises(NotFound):
        await decision_for_team(scene.first.holder, scene.first.application)
    await published(scene.sitting)
    told = await decision_for_team(scene.first.holder, scene.first.application)
    assert (told.outcome, told.phase_code, told.conditions) == ("retained", "pre_incubation", "Compléter l’équipe.")
    assert {reason.text for reason in told.reasons} == {"Le besoin est démontré."}
    with pytest.raises(NotFound):
        await decision_for_team(scene.second.holder, scene.first.application)
    with pytest.raises(NotFound):
        await decision_for_team(scene.sitting.members[0], scene.first.application)
    assert await decision_for_team(await a_coach(scene.world.programme), scene.first.application) == told
    letters = await column(
        "SELECT path || subject || text FROM letter WHERE kind = 'selection.decision' AND to_account = $1", scene.first.holder.id
    )
    assert len(letters) == 1
    assert "Roule Sologne : la décision du comité" in letters[0]
    assert "Le besoin est démontré." in letters[0]
    assert letters[0].startswith(f"/applications/{scene.first.application}/decision")
    assert "Ceci reste au comité" not in letters[0]
    assert "&#" not in letters[0]
    assert (await verbs_of(scene.first.application))[-1] == "decision.published"
    assert await value(
        "SELECT project FROM journal_entry WHERE verb = 'decision.published' AND subject = $1", scene.first.application
    ) == (scene.first.project)


async def test_published_decisions_no_longer_change_and_are_published_once(scene: Scene) -> None:
    await decide_all(scene)
    await published(scene.sitting)
    with pytest.raises(Conflict, match="déjà publiées"):
        await published(scene.sitting)
    with pytest.raises(Conflict, match="ne change plus"):
        await decided(scene.first.application, by=scene.sitting.manager)
    with pytest.raises(Conflict, match="ne change plus"):
        await scored(scene.first.application, scene.sitting.members[0])
    assert await value("SELECT count(*) FROM letter WHERE kind = 'selection.decision'") == 2


async def test_a_withdrawn_application_does_not_hold_publication_back_nor_hear_of_it(scene: Scene) -> None:
    await decided(scene.first.application, by=scene.sitting.manager)
    await execute("UPDATE application SET state = 'withdrawn' WHERE id = $1", scene.second.application)
    await published(scene.sitting)
    assert await column("SELECT to_account FROM letter WHERE kind = 'selection.decision'") == [scene.first.holder.id]


async def test_later_rooms_read_the_retained_and_the_waiting_list(scene: Scene) -> None:
    third = await a_candidate(scene.world, scene.call, "Tissu Commun")
    await actions.present_applications(scene.sitting.id, PresentationForm(everything=True), by=scene.sitting.manager, at=now())
    await decided(scene.first.application, by=scene.sitting.manager)
    await decided(scene.second.application, by=scene.sitting.manager, rank=2)
    await decided(third.application, by=scene.sitting.manager, rank=1)
    phase = scene.world.phases["pre_incubation"]
    assert await retained_of(scene.call.id) == []
    await published(scene.sitting)
    assert [one.project for one in await retained_of(scene.call.id)] == [scene.first.project]
    assert [(one.project, one.waiting_rank) for one in await waiting_list(scene.call.id, phase)] == [
        (third.project, 1),
        (scene.second.project, 2),
    ]
    assert await waiting_list(scene.call.id, scene.world.phases["incubation"]) == []
    found = await published_decision_of_project(scene.first.project, scene.call.id)
    assert found
    assert found.application == scene.first.application


async def test_a_person_of_another_programme_finds_nothing(scene: Scene) -> None:
    """D16."""
    stranger = Person(scene.sitting.manager.id, "x@exemple.fr", "X", "fr", True, ())
    with pytest.raises(NotFound):
        await ranking(stranger, scene.sitting.id, None)
