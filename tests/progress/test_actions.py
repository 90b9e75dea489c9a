"""Acts on a path: deliverables, suspensions, diagnoses, gates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from incubator.core.clock import local_date, now
from incubator.core.database import column, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.core.ids import new_id
from incubator.progress.actions.deliverables import answer_waiver, ask_waiver, review_deliverable, write_deliverable
from incubator.progress.actions.enrolments import decide_gate, diagnose, give_opinion, resume_enrolment, suspend_enrolment
from incubator.progress.forms import (
    DeliverableForm,
    DiagnosisForm,
    GateForm,
    OpinionForm,
    ReviewForm,
    SuspensionForm,
    Verdict,
    WaiverAnswerForm,
    WaiverForm,
    WaiverVerdict,
)
from incubator.progress.queries.paths import deliverable_of, path_of
from incubator.progress.rules.dates import milestone_due, phase_end
from incubator.progress.tables import GateOutcome, Moment
from tests.world.coaching import Coached, a_coached_project, a_second_coach
from tests.world.cohorts import an_accepted_project
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme
from tests.world.progress import (
    a_diagnosis,
    a_submitted_deliverable,
    a_valid_deliverable,
    an_opinion,
    facts_of,
    milestone_of,
    ready_for_gate,
)

pytestmark = pytest.mark.usefixtures("db")


async def _verbs(coached: Coached, pattern: str) -> list[str]:
    found: list[str] = await column(
        "SELECT verb FROM journal_entry WHERE project = $1 AND verb ~ $2 ORDER BY number", coached.project, pattern
    )
    return found


async def _state(coached: Coached, code: str) -> str:
    return (await milestone_of(coached, code)).state


async def _write(coached: Coached, code: str, by: Any, **changed: Any) -> None:
    milestone = await milestone_of(coached, code)
    form = DeliverableForm(**({"content": "Un texte.", "version": milestone.version} | changed))
    await write_deliverable(coached.enrolment, milestone.id, form, by=by, at=now())


async def _review(coached: Coached, code: str, by: Any, verdict: Verdict, comment: str = "") -> None:
    milestone = await milestone_of(coached, code)
    form = ReviewForm(verdict=verdict, comment=comment, version=milestone.version)
    await review_deliverable(coached.enrolment, milestone.id, form, by=by, at=now())


async def test_a_deliverable_from_draft_to_valid() -> None:
    coached = await a_coached_project(await the_programme())
    await _write(coached, "L1", coached.holder)
    assert await _state(coached, "L1") == "in_progress"
    await _write(coached, "L1", coached.holder, content="Mieux.", link="https://nuage.exemple.fr/plan", finished=True)
    await _review(coached, "L1", coached.coach, Verdict.SEND_BACK, "Ajoutez un calendrier.")
    assert await _state(coached, "L1") == "sent_back"
    await _write(coached, "L1", coached.holder, content="Avec calendrier.", finished=True)
    await _review(coached, "L1", coached.coach, Verdict.VALIDATE, "Très clair.")
    facts = await facts_of(coached)
    stored = await deliverable_of(facts, (await milestone_of(coached, "L1")).id)
    assert stored
    assert (stored.state, stored.content, stored.review, stored.reviewed_by) == (
        "valid",
        "Avec calendrier.",
        "Très clair.",
        "Colin Coach",
    )
    assert await _verbs(coached, "^deliverable") == [
        "deliverable.started",
        "deliverable.submitted",
        "deliverable.sent_back",
        "deliverable.submitted",
        "deliverable.validated",
    ]


async def test_each_handing_in_and_each_answer_is_told_by_mail() -> None:
    coached = await a_coached_project(await the_programme())
    for _turn in range(2):
        await _write(coached, "L1", coached.holder, finished=True)
        await _review(coached, "L1", coached.coach, Verdict.SEND_BACK, "Encore.")
    to_coach = await column("SELECT kind FROM letter WHERE to_email = $1 AND kind ~ 'progress'", coached.coach.email)
    to_team = await column("SELECT text FROM letter WHERE to_email = $1 AND kind ~ 'progress'", coached.holder.email)
    assert to_coach == ["progress.deliverable_submitted"] * 2
    assert len(to_team) == 2
    assert "Encore." in to_team[0]


async def test_who_may_not_write_or_review() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    for person in (coached.coach, coached.manager):
        with pytest.raises(Refused):
            await _write(coached, "L1", person)
    await a_submitted_deliverable(coached, "L1")
    for person in (coached.holder, coached.manager, await a_coach(world.programme, "Nora")):
        with pytest.raises(Refused):
            await _review(coached, "L1", person, Verdict.VALIDATE)
    with pytest.raises(NotFound):
        await _review(coached, "L1", await someone(), Verdict.VALIDATE)
    assert await _state(coached, "L1") == "submitted"


async def test_nothing_is_written_for_a_milestone_of_another_phase() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    for milestone in (world.milestones["I1"], new_id()):
        with pytest.raises(NotFound):
            await write_deliverable(coached.enrolment, milestone, DeliverableForm(content="x"), by=coached.holder, at=now())


async def test_a_text_changed_meanwhile_is_not_overwritten() -> None:
    coached = await a_coached_project(await the_programme())
    await _write(coached, "L1", coached.holder, content="Depuis le train.")
    with pytest.raises(Stale) as stale:
        await _write(coached, "L1", coached.holder, content="Depuis le bureau.", version=0)
    assert (stale.value.theirs, stale.value.version) == ({"content": "Depuis le train."}, 1)


async def test_a_bad_link_writes_nothing() -> None:
    coached = await a_coached_project(await the_programme())
    with pytest.raises(Invalid):
        await _write(coached, "L1", coached.holder, link="http://exemple.fr", finished=True)
    assert await _state(coached, "L1") == "to_do"


async def test_without_object_takes_two_people() -> None:
    coached = await a_coached_project(await the_programme())
    milestone = await milestone_of(coached, "L7")
    form = WaiverForm(reason="Association déjà dotée de statuts.")
    await ask_waiver(coached.enrolment, milestone.id, form, by=coached.coach, at=now())
    answer = WaiverAnswerForm(verdict=WaiverVerdict.CONFIRM, version=1)
    with pytest.raises(Conflict, match="une autre personne"):
        await answer_waiver(coached.enrolment, milestone.id, answer, by=coached.coach, at=now())
    with pytest.raises(Refused):
        await answer_waiver(coached.enrolment, milestone.id, answer, by=coached.holder, at=now())
    await answer_waiver(coached.enrolment, milestone.id, answer, by=coached.manager, at=now())
    assert await _state(coached, "L7") == "waived"
    assert await _verbs(coached, "waive") == ["deliverable.waiver_asked", "deliverable.waived"]


async def test_a_refused_waiver_goes_back_to_the_team() -> None:
    coached = await a_coached_project(await the_programme())
    milestone = await milestone_of(coached, "L2")
    await ask_waiver(coached.enrolment, milestone.id, WaiverForm(reason="Pas le temps."), by=coached.holder, at=now())
    silent = WaiverAnswerForm(verdict=WaiverVerdict.REFUSE, version=1)
    with pytest.raises(Invalid):
        await answer_waiver(coached.enrolment, milestone.id, silent, by=coached.coach, at=now())
    said = WaiverAnswerForm(verdict=WaiverVerdict.REFUSE, version=1, comment="L’enquête fonde tout.")
    await answer_waiver(coached.enrolment, milestone.id, said, by=coached.coach, at=now())
    assert await _state(coached, "L2") == "sent_back"


async def test_nothing_starts_before_the_agreement() -> None:
    """R30."""
    world = await the_programme()
    coached = await a_coached_project(world, enrolled=await an_accepted_project(world))
    with pytest.raises(Conflict, match="quand la convention est signée"):
        await _write(coached, "L1", coached.holder)
    await a_diagnosis(coached, coached.coach, Moment.ENTRY)


async def test_a_suspension_stops_the_clock_and_pushes_the_dates() -> None:
    world = await the_programme()
    at = now() - timedelta(days=30)
    coached = await a_coached_project(world, at=at)
    before = await facts_of(coached)
    milestone = next(one for one in before.milestones if one.code == "L8")
    due, end = milestone_due(before, milestone, local_date(now())), phase_end(before, local_date(now()))
    from_on = local_date(at + timedelta(days=5))
    await suspend_enrolment(
        coached.enrolment, SuspensionForm(from_on=from_on, reason="Congé."), by=coached.coach, at=at + timedelta(days=6)
    )
    with pytest.raises(Conflict, match="suspendu"):
        await _write(coached, "L1", coached.holder)
    await resume_enrolment(coached.enrolment, by=coached.manager, at=at + timedelta(days=15))
    after = await facts_of(coached)
    assert after.state == "active"
    assert milestone_due(after, milestone, local_date(now())) == due + timedelta(days=10)
    assert phase_end(after, local_date(now())) == end + timedelta(days=10)
    assert await _verbs(coached, "suspended|resumed") == ["enrolment.suspended", "enrolment.resumed"]


async def test_a_team_does_not_suspend_itself() -> None:
    coached = await a_coached_project(await the_programme())
    form = SuspensionForm(from_on=local_date(now()), reason="Congé.")
    with pytest.raises(Refused):
        await suspend_enrolment(coached.enrolment, form, by=coached.holder, at=now())
    await suspend_enrolment(coached.enrolment, form, by=coached.coach, at=now())
    with pytest.raises(Conflict, match="suspendu"):
        await suspend_enrolment(coached.enrolment, form, by=coached.coach, at=now())
    with pytest.raises(Refused):
        await resume_enrolment(coached.enrolment, by=coached.holder, at=now())


async def test_each_side_makes_its_diagnosis_once() -> None:
    coached = await a_coached_project(await the_programme())
    await a_diagnosis(coached, coached.holder, Moment.ENTRY, level=4)
    await a_diagnosis(coached, coached.coach, Moment.ENTRY, level=2)
    with pytest.raises(Conflict, match="déjà fait"):
        await a_diagnosis(coached, coached.holder, Moment.ENTRY)
    with pytest.raises(Refused):
        await a_diagnosis(coached, coached.manager, Moment.ENTRY)
    made = {(one.side, one.levels["impact"]) for one in (await facts_of(coached)).diagnoses}
    assert made == {("holder", 4), ("coach", 2)}


async def test_a_partial_diagnosis_is_refused_whole() -> None:
    coached = await a_coached_project(await the_programme())
    form = DiagnosisForm(moment=Moment.ENTRY, levels={"need": 3})
    with pytest.raises(Invalid) as partial:
        await diagnose(coached.enrolment, form, by=coached.holder, at=now())
    assert len(partial.value.errors) == 7
    assert (await facts_of(coached)).diagnoses == []


def gate(outcome: GateOutcome, version: int, months: int | None = None) -> GateForm:
    """A decision with its reason."""
    return GateForm(
        outcome=outcome, reason="Décidé en comité.", version=version, prolonged_months=months, project_name="repair’bus"
    )


async def test_passing_the_gate_starts_the_next_phase_today() -> None:
    """R35."""
    coached = await a_coached_project(await the_programme())
    facts = await ready_for_gate(coached)
    assert facts.state == "in_review"
    await decide_gate(coached.enrolment, gate(GateOutcome.PASS, facts.version), by=coached.manager, at=now())
    path = await path_of(coached.holder, coached.project)
    stays = [(stay.phase_code, stay.state, stay.starts_on) for stay in path.enrolments]
    today = local_date(now())
    assert stays == [("pre_incubation", "passed", today), ("incubation", "active", today)]
    assert path.current.milestones[0].code == "I1"
    assert (await _verbs(coached, "gate|enrolment"))[-2:] == ["gate.passed", "enrolment.started"]
    letters = await column("SELECT text FROM letter WHERE kind = 'progress.gate_decided' AND to_email = $1", coached.holder.email)
    assert "La phase « Incubation » commence aujourd’hui." in letters[0]
    assert "Décidé en comité." in letters[0]


async def test_a_gate_is_not_passed_while_something_is_missing() -> None:
    """R35."""
    coached = await a_coached_project(await the_programme())
    await a_valid_deliverable(coached, "L1")
    await an_opinion(coached)
    version = (await facts_of(coached)).version
    with pytest.raises(Conflict) as refused:
        await decide_gate(coached.enrolment, gate(GateOutcome.PASS, version), by=coached.manager, at=now())
    assert "« Étude de faisabilité » n’est ni validé" in refused.value.reason
    assert "« Plan d’action de la pré-incubation »" not in refused.value.reason
    assert "« Note de gouvernance »" not in refused.value.reason
    assert await value("SELECT count(*) FROM gate_review") == 0


async def test_only_the_manager_decides() -> None:
    coached = await a_coached_project(await the_programme())
    facts = await ready_for_gate(coached)
    for person in (coached.coach, coached.holder):
        with pytest.raises(Refused):
            await decide_gate(coached.enrolment, gate(GateOutcome.PASS, facts.version), by=person, at=now())
    with pytest.raises(Stale):
        await decide_gate(coached.enrolment, gate(GateOutcome.PASS, facts.version - 1), by=coached.manager, at=now())


async def test_a_phase_is_prolonged_once() -> None:
    """R36."""
    coached = await a_coached_project(await the_programme())
    facts = await ready_for_gate(coached)
    end = phase_end(facts, local_date(now()))
    await decide_gate(coached.enrolment, gate(GateOutcome.PROLONG, facts.version, 2), by=coached.manager, at=now())
    prolonged = await facts_of(coached)
    assert (prolonged.state, prolonged.prolonged_months) == ("active", 2)
    assert phase_end(prolonged, local_date(now())) > end + timedelta(days=58)
    with pytest.raises(Conflict, match="déjà été prolongée"):
        await decide_gate(coached.enrolment, gate(GateOutcome.PROLONG, prolonged.version, 1), by=coached.manager, at=now())
    with pytest.raises(Conflict, match="n’a pas donné son avis"):
        await decide_gate(coached.enrolment, gate(GateOutcome.PASS, prolonged.version), by=coached.manager, at=now())
    await an_opinion(coached, at=now() + timedelta(seconds=1))
    again = await facts_of(coached)
    await decide_gate(coached.enrolment, gate(GateOutcome.PASS, again.version), by=coached.manager, at=now())
    assert await column("SELECT outcome FROM gate_review ORDER BY decided_at") == ["prolong", "pass"]


@pytest.mark.parametrize(("outcome", "verb"), [(GateOutcome.STOP, "gate.stopped"), (GateOutcome.REDIRECT, "gate.redirected")])
async def test_a_path_stops_at_any_time_even_suspended(outcome: GateOutcome, verb: str) -> None:
    coached = await a_coached_project(await the_programme())
    form = SuspensionForm(from_on=local_date(now()), reason="Congé.")
    await suspend_enrolment(coached.enrolment, form, by=coached.coach, at=now())
    version = (await facts_of(coached)).version
    await decide_gate(coached.enrolment, gate(outcome, version), by=coached.manager, at=now())
    stopped = await facts_of(coached)
    assert (stopped.state, stopped.ended_on, stopped.end_reason) == ("stopped", local_date(now()), "Décidé en comité.")
    assert stopped.suspensions[0].until_on == local_date(now())
    assert (await _verbs(coached, "gate")) == [verb]
    with pytest.raises(Conflict, match="arrêté"):
        await decide_gate(coached.enrolment, gate(outcome, stopped.version), by=coached.manager, at=now())


async def test_what_cannot_be_undone_is_asked_for_by_name() -> None:
    coached = await a_coached_project(await the_programme())
    version = (await facts_of(coached)).version
    for typed in ("", "Autre projet"):
        form = GateForm(outcome=GateOutcome.STOP, reason="Arrêt.", version=version, project_name=typed)
        with pytest.raises(Invalid) as unsure:
            await decide_gate(coached.enrolment, form, by=coached.manager, at=now())
        assert unsure.value.errors == {"project_name": "Recopiez le nom du projet pour confirmer : Repair’Bus."}
    assert (await facts_of(coached)).state == "active"


async def test_a_phase_passed_before_its_cohort_starts_leads_to_one_that_starts_with_it() -> None:
    starts_on = local_date(now()) + timedelta(days=20)
    coached = await a_coached_project(await the_programme(), starts_on=starts_on)
    facts = await ready_for_gate(coached)
    await decide_gate(coached.enrolment, gate(GateOutcome.PASS, facts.version), by=coached.manager, at=now())
    path = await path_of(coached.manager, coached.project)
    assert [(stay.starts_on, stay.ended_on) for stay in path.enrolments] == [(starts_on, starts_on), (starts_on, None)]


async def test_the_last_phase_ends_without_a_next_one() -> None:
    coached = await a_coached_project(await the_programme(), phase="incubation")
    facts = await ready_for_gate(coached)
    await decide_gate(coached.enrolment, gate(GateOutcome.PASS, facts.version), by=coached.manager, at=now())
    follow_up: UUID = await value("SELECT id FROM enrolment WHERE project = $1 AND ended_on IS NULL", coached.project)
    version = (await facts_of(coached, follow_up)).version
    await decide_gate(follow_up, gate(GateOutcome.PASS, version), by=coached.manager, at=now())
    path = await path_of(coached.manager, coached.project)
    assert [(stay.phase_code, stay.state) for stay in path.enrolments] == [("incubation", "passed"), ("follow_up", "passed")]


async def test_a_second_coach_reviews_too() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    nora = await a_coach(world.programme, "Nora")
    await a_second_coach(coached, nora)
    await a_submitted_deliverable(coached, "L1")
    await _review(coached, "L1", nora, Verdict.VALIDATE)
    assert await _state(coached, "L1") == "valid"


async def test_an_opinion_is_the_coachs() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    for person in (coached.holder, coached.manager, await a_manager(world.programme)):
        with pytest.raises(Refused):
            await _opine(coached, person)
    await an_opinion(coached, is_favourable=False)
    facts = await facts_of(coached)
    assert facts.opinion
    assert (facts.state, facts.opinion.is_favourable) == ("in_review", False)


async def _opine(coached: Coached, by: Any) -> None:
    await give_opinion(coached.enrolment, OpinionForm(text="Mon avis."), by=by, at=now())
