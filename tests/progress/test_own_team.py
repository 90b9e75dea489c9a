"""Nobody judges the work of a team they are in, whatever role they also hold."""

from __future__ import annotations

import pytest

from incubator.core.clock import now
from incubator.core.database import value
from incubator.core.errors import Refused
from incubator.progress.actions.deliverables import review_deliverable, write_deliverable
from incubator.progress.actions.enrolments import decide_gate, give_opinion
from incubator.progress.forms import DeliverableForm, GateForm, OpinionForm, ReviewForm, Verdict
from incubator.progress.queries.paths import enrolment_for
from incubator.progress.tables import GateOutcome, Moment
from tests.world.coaching import a_coached_project
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.progress import a_diagnosis, a_submitted_deliverable, facts_of
from tests.world.projects import a_member

pytestmark = pytest.mark.usefixtures("db")


async def test_a_coach_or_manager_who_joins_the_team_no_longer_judges_it() -> None:
    """R35: a gate is passed on other people's word."""
    coached = await a_coached_project(await the_programme())
    milestone = await a_submitted_deliverable(coached, (await facts_of(coached)).milestones[0].code)
    for person in (coached.coach, coached.manager):
        await a_member(coached.project, person.name, person.email, by=coached.holder)
    review = ReviewForm(verdict=Verdict.VALIDATE, version=milestone.version)
    with pytest.raises(Refused):
        await review_deliverable(coached.enrolment, milestone.id, review, by=coached.coach, at=now())
    with pytest.raises(Refused):
        await give_opinion(coached.enrolment, OpinionForm(text="Très bien.", is_favourable=True), by=coached.coach, at=now())
    gate = GateForm(outcome=GateOutcome.PROLONG, reason="Encore", version=(await facts_of(coached)).version, prolonged_months=1)
    with pytest.raises(Refused):
        await decide_gate(coached.enrolment, gate, by=coached.manager, at=now())
    assert await value("SELECT state FROM deliverable WHERE milestone = $1", milestone.id) == "submitted"
    assert await value("SELECT (SELECT count(*) FROM coach_opinion) + (SELECT count(*) FROM gate_review)") == 0


async def test_who_reads_in_the_team_hands_in_nothing_and_places_nothing() -> None:
    coached = await a_coached_project(await the_programme())
    reader = await someone("Rim")
    await a_member(coached.project, reader.name, reader.email, by=coached.holder, role="reader")
    milestone = (await facts_of(coached)).milestones[0]
    written = DeliverableForm(content="À sa place", finished=True, version=milestone.version)
    with pytest.raises(Refused):
        await write_deliverable(coached.enrolment, milestone.id, written, by=reader, at=now())
    with pytest.raises(Refused):
        await a_diagnosis(coached, reader, Moment.ENTRY)
    assert await value("SELECT (SELECT count(*) FROM deliverable WHERE content <> '') + (SELECT count(*) FROM diagnosis)") == 0
    _enrolment, standing = await enrolment_for(reader, coached.enrolment)
    assert (standing.is_team, standing.writes) == (True, False)
