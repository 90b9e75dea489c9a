"""Dates, deliverables, gates and next steps, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from incubator.coaching.rules import Standing
from incubator.cohorts.rules import ENROLMENT_STATES, move
from incubator.core.errors import Conflict, Invalid
from incubator.core.ids import new_id
from incubator.progress.rules import dates, deliverables, gates, next_steps
from incubator.progress.rules.facts import (
    DiagnosisView,
    EnrolmentFacts,
    MilestoneFacts,
    OpinionView,
    ReviewView,
    Span,
)
from incubator.progress.tables import GateOutcome, Moment, Side

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
START, TODAY = date(2026, 1, 31), date(2026, 6, 1)
ME, OTHER = new_id(), new_id()
ALLOWED = {
    ("start", "to_do"): "in_progress",
    ("start", "in_progress"): "in_progress",
    ("start", "sent_back"): "in_progress",
    ("submit", "to_do"): "submitted",
    ("submit", "in_progress"): "submitted",
    ("submit", "sent_back"): "submitted",
    ("send_back", "submitted"): "sent_back",
    ("validate", "submitted"): "valid",
    ("ask_waiver", "to_do"): "waiver_asked",
    ("ask_waiver", "in_progress"): "waiver_asked",
    ("ask_waiver", "sent_back"): "waiver_asked",
    ("confirm_waiver", "waiver_asked"): "waived",
    ("refuse_waiver", "waiver_asked"): "sent_back",
}


def milestone(state: str = "to_do", **changed: Any) -> MilestoneFacts:
    """A mandatory deliverable due after two months."""
    facts: dict[str, Any] = {"id": new_id(), "code": "L2", "name": "Enquête", "help": "", "due_months": Decimal(2)}
    facts |= {"is_mandatory": True, "state": state, "version": 1, "submitted_at": None, "waiver_asked_by": None}
    return MilestoneFacts(**(facts | {"reviewed_by": "Colin"} | changed))


def enrolment(state: str = "active", **changed: Any) -> EnrolmentFacts:
    """A project in pre-incubation since the last day of January, four months planned."""
    facts: dict[str, Any] = {field: new_id() for field in ("id", "project", "programme", "place", "cohort", "plan", "phase")}
    facts |= {"project_name": "Repair’Bus", "cohort_name": "P", "phase_code": "pre_incubation", "phase_name": "Pré-incubation"}
    facts |= {"position": 1, "planned_months": Decimal(4), "prolongation_months_max": 2, "has_gate": True, "state": state}
    facts |= {"starts_on": START, "ended_on": None, "end_reason": "", "version": 1, "milestones": [milestone()]}
    facts |= {"suspensions": [], "diagnoses": [], "opinions": [], "reviews": []}
    return EnrolmentFacts(**(facts | changed))


def diagnosis(side: str, moment: str) -> DiagnosisView:
    """A diagnosis already made."""
    return DiagnosisView(side, moment, {"need": 3}, AT, "Ana")


def opinion(at: datetime = AT) -> OpinionView:
    """The coach is for it."""
    return OpinionView(True, "Prêt.", at, "Colin")


def prolongation(months: int = 2, at: datetime = AT) -> ReviewView:
    """A phase prolonged."""
    return ReviewView("prolong", months, "Encore un peu.", at, "Maryse")


def ready(**changed: Any) -> EnrolmentFacts:
    """Everything a gate asks for (R35)."""
    made = [diagnosis("holder", "gate"), diagnosis("coach", "gate")]
    whole = {"milestones": [milestone("valid"), milestone("waived"), milestone(is_mandatory=False)]}
    return enrolment(**(whole | {"state": "in_review", "diagnoses": made, "opinions": [opinion()]} | changed))


def standing(*roles: str) -> Standing:
    """Someone with these roles."""
    known = ("is_team", "is_depositor", "is_coach", "is_colleague", "is_manager")
    return Standing(new_id(), "Repair’Bus", new_id(), *(name in roles for name in known))


@pytest.mark.parametrize(("months", "due"), [
    ("0.5", date(2026, 2, 15)),
    ("1", date(2026, 2, 28)),
    ("2", date(2026, 3, 31)),
    ("2.5", date(2026, 4, 15)),
    ("12", date(2027, 1, 31)),
])  # fmt: skip
def test_months_are_calendar_months_and_half_a_month_is_fifteen_days(months: str, due: date) -> None:
    assert dates.months_later(START, Decimal(months)) == due


@pytest.mark.parametrize(("spans", "due"), [
    ([], date(2026, 3, 31)),
    ([Span(date(2026, 3, 1), date(2026, 3, 11))], date(2026, 4, 10)),
    ([Span(date(2026, 3, 31), date(2026, 4, 1))], date(2026, 4, 1)),
    ([Span(date(2026, 4, 1), date(2026, 5, 1))], date(2026, 3, 31)),
    ([Span(date(2026, 3, 1), date(2026, 3, 11)), Span(date(2026, 4, 9), date(2026, 4, 12))], date(2026, 4, 13)),
    ([Span(date(2026, 3, 1), None)], date(2026, 3, 31) + timedelta(days=92)),
])  # fmt: skip
def test_a_suspension_pushes_back_what_was_still_ahead(spans: list[Span], due: date) -> None:
    assert dates.due_on(START, Decimal(2), spans, TODAY) == due


def test_a_prolongation_gives_its_months_to_what_is_open() -> None:
    settled, still_open = milestone("valid"), milestone()
    prolonged = enrolment(milestones=[settled, still_open], reviews=[prolongation(2)])
    assert dates.milestone_due(prolonged, settled, TODAY) == date(2026, 3, 31)
    assert dates.milestone_due(prolonged, still_open, TODAY) == date(2026, 5, 31)
    assert dates.phase_end(prolonged, TODAY) == date(2026, 7, 31)
    assert dates.phase_end(enrolment(), TODAY) == date(2026, 5, 31)


@pytest.mark.parametrize("state", deliverables.STATES)
def test_what_is_owed_past_its_date_is_late_and_says_so(state: str) -> None:
    (step,) = dates.steps_of(enrolment(milestones=[milestone(state)]), date(2026, 4, 2))
    owed = state in ("to_do", "in_progress", "sent_back")
    assert (step.is_late, step.words) == ((True, "En retard de 2 jours") if owed else (False, ""))
    (on_time,) = dates.steps_of(enrolment(milestones=[milestone(state)]), date(2026, 3, 31))
    assert not on_time.is_late


def test_an_optional_deliverable_is_never_late() -> None:
    (step,) = dates.steps_of(enrolment(milestones=[milestone(is_mandatory=False)]), TODAY)
    assert (step.is_late, step.words) == (False, "Facultatif : la date est passée.")


@pytest.mark.parametrize("state", ["to_start", "passed", "stopped"])
def test_nothing_is_late_before_the_start_or_after_the_end(state: str) -> None:
    (step,) = dates.steps_of(enrolment(state), TODAY)
    assert not step.is_late


@pytest.mark.parametrize("state", deliverables.STATES)
@pytest.mark.parametrize("verb", deliverables.MOVES)
def test_each_verb_departs_from_its_states_only(verb: str, state: str) -> None:
    reason = deliverables.why_not(verb, milestone(state), enrolment(), ME)
    if (verb, state) in ALLOWED:
        assert reason is None
        assert move(deliverables.MOVES, verb, state) == ALLOWED[verb, state]
    else:
        assert reason
        with pytest.raises(Conflict):
            move(deliverables.MOVES, verb, state)


@pytest.mark.parametrize("state", ENROLMENT_STATES)
@pytest.mark.parametrize("verb", deliverables.MOVES)
def test_work_goes_on_only_while_the_phase_does(verb: str, state: str) -> None:
    departure = deliverables.MOVES[verb][0][0]
    reason = deliverables.why_not(verb, milestone(departure), enrolment(state), ME)
    assert (reason is None) is (state in ("active", "in_review"))


def test_the_second_of_two_is_told_who_was_first() -> None:
    assert deliverables.why_not("validate", milestone("valid"), enrolment(), ME) == "Ce livrable est déjà validé par Colin."


@pytest.mark.parametrize("verb", ["confirm_waiver", "refuse_waiver"])
def test_a_waiver_needs_two_people(verb: str) -> None:
    asked = milestone("waiver_asked", waiver_asked_by=ME)
    assert "une autre personne y répond" in (deliverables.why_not(verb, asked, enrolment(), ME) or "")
    assert deliverables.why_not(verb, asked, enrolment(), OTHER) is None


@pytest.mark.parametrize(("verb", "allowed"), [
    ("start", {"is_team"}),
    ("submit", {"is_team"}),
    ("send_back", {"is_coach"}),
    ("validate", {"is_coach"}),
    ("ask_waiver", {"is_team", "is_coach"}),
    ("confirm_waiver", {"is_coach", "is_manager"}),
    ("refuse_waiver", {"is_coach", "is_manager"}),
])  # fmt: skip
@pytest.mark.parametrize("role", ["is_team", "is_coach", "is_colleague", "is_manager"])
def test_who_may_do_what_at_all(verb: str, allowed: set[str], role: str) -> None:
    """domain.md 5.5."""
    assert (deliverables.why_never(verb, standing(role)) is None) is (role in allowed)


@pytest.mark.parametrize(
    "link", ["http://exemple.fr/a", "javascript:alert(1)", "https://", "https://a b.fr", "https://[", "exemple.fr"]
)
def test_a_link_is_a_whole_https_address(link: str) -> None:
    with pytest.raises(Invalid) as refused:
        deliverables.check_content("", link, finished=False)
    assert list(refused.value.errors) == ["link"]


def test_what_is_handed_in_says_something() -> None:
    deliverables.check_content("", "", finished=False)
    deliverables.check_content("Voici.", "", finished=True)
    deliverables.check_content("", "https://nuage.exemple.fr/s/a?b=c#d", finished=True)
    with pytest.raises(Invalid):
        deliverables.check_content("", "", finished=True)


@pytest.mark.parametrize("verb", ["send_back", "refuse_waiver"])
def test_what_comes_back_says_why(verb: str) -> None:
    deliverables.check_comment(verb, "Ajoutez les tarifs.")
    deliverables.check_comment("validate", "")
    with pytest.raises(Invalid):
        deliverables.check_comment(verb, "")


def test_a_gate_lists_exactly_what_is_missing() -> None:
    """R35."""
    assert gates.missing_for_gate(ready()) == []
    bare = enrolment(milestones=[milestone(), milestone("submitted", name="Étude"), milestone(is_mandatory=False)])
    assert gates.missing_for_gate(bare) == [
        "Le livrable « Enquête » n’est ni validé ni sans objet.",
        "Le livrable « Étude » n’est ni validé ni sans objet.",
        "L’équipe n’a pas fait son diagnostic de passage.",
        "La personne qui accompagne n’a pas fait son diagnostic de passage.",
        "La personne qui accompagne n’a pas donné son avis.",
    ]


@pytest.mark.parametrize("changed", [
    {"milestones": [milestone("waiver_asked")]},
    {"diagnoses": [diagnosis("coach", "gate"), diagnosis("holder", "entry")]},
    {"diagnoses": [diagnosis("holder", "gate"), diagnosis("coach", "entry")]},
    {"opinions": []},
])  # fmt: skip
def test_one_thing_missing_is_enough_not_to_pass(changed: dict[str, Any]) -> None:
    """R35."""
    assert gates.why_not_pass_gate(ready()) is None
    assert len(gates.missing_for_gate(ready(**changed))) == 1
    assert gates.why_not_pass_gate(ready(**changed)) == gates.missing_for_gate(ready(**changed))[0]


def test_after_a_prolongation_a_new_opinion_is_needed() -> None:
    before = ready(reviews=[prolongation(at=AT + timedelta(days=1))])
    assert gates.missing_for_gate(before) == ["La personne qui accompagne n’a pas donné son avis."]
    assert gates.missing_for_gate(ready(reviews=[prolongation(at=AT - timedelta(days=1))])) == []


def test_a_phase_without_gate_asks_for_its_mandatory_deliverables_only() -> None:
    assert gates.missing_for_gate(enrolment(has_gate=False, milestones=[milestone("valid")])) == []
    assert len(gates.missing_for_gate(enrolment(has_gate=False))) == 1


def test_a_phase_is_prolonged_once_within_its_maximum() -> None:
    """R36."""
    assert gates.why_not_prolong(enrolment(), 2) is None
    assert gates.why_not_prolong(enrolment(), 3) == "Cette phase se prolonge de 2 mois au plus."
    assert gates.why_not_prolong(enrolment(), 0) == "Cette phase se prolonge de 2 mois au plus."
    assert gates.why_not_prolong(enrolment(reviews=[prolongation(1)]), 1) == "Cette phase a déjà été prolongée une fois."
    assert gates.why_not_prolong(enrolment(prolongation_months_max=0), 1) == "Cette phase ne se prolonge pas."


@pytest.mark.parametrize("state", ENROLMENT_STATES)
def test_decisions_depart_from_their_states_only(state: str) -> None:
    going_on, started = state in ("active", "in_review"), state in ("active", "in_review", "suspended")
    whole = ready(state=state)
    assert (gates.why_not_pass_gate(whole) is None) is going_on
    assert (gates.why_not_prolong(whole, 1) is None) is going_on
    assert (gates.why_not_opine(whole) is None) is going_on
    for outcome in (GateOutcome.STOP, GateOutcome.REDIRECT):
        assert (gates.why_not_decide(whole, outcome, None) is None) is started
    assert (gates.why_not_suspend(whole, TODAY, TODAY) is None) is (state == "active")
    assert (gates.why_not_resume(whole) is None) is (state == "suspended")
    fresh = enrolment(state)
    assert (gates.why_not_diagnose(fresh, Side.HOLDER, Moment.ENTRY) is None) is (going_on or state == "to_start")
    assert (gates.why_not_diagnose(fresh, Side.COACH, Moment.GATE) is None) is going_on


def test_each_side_diagnoses_once_a_moment() -> None:
    made = enrolment(diagnoses=[diagnosis("holder", "entry")])
    assert gates.why_not_diagnose(made, Side.HOLDER, Moment.ENTRY) == "Ce diagnostic est déjà fait."
    assert gates.why_not_diagnose(made, Side.COACH, Moment.ENTRY) is None
    assert gates.why_not_diagnose(made, Side.HOLDER, Moment.GATE) is None
    assert "pas de revue" in (gates.why_not_diagnose(enrolment(has_gate=False), Side.HOLDER, Moment.GATE) or "")


def test_a_diagnosis_speaks_of_every_axis_and_no_other() -> None:
    gates.check_levels({"need": 1, "team": 5}, ["need", "team"])
    with pytest.raises(Invalid) as partial:
        gates.check_levels({"need": 1, "luck": 5}, ["need", "team"])
    assert set(partial.value.errors) == {"levels.team", "levels"}


def test_a_suspension_starts_after_what_came_before_and_not_in_the_future() -> None:
    past = enrolment(suspensions=[Span(date(2026, 3, 1), date(2026, 4, 1))])
    assert gates.why_not_suspend(past, date(2026, 4, 1), TODAY) is None
    assert "avant le mercredi 1er avril 2026" in (gates.why_not_suspend(past, date(2026, 3, 31), TODAY) or "")
    assert "avant le samedi 31 janvier 2026" in (gates.why_not_suspend(enrolment(), START - timedelta(days=1), TODAY) or "")
    assert gates.why_not_suspend(enrolment(), TODAY + timedelta(days=1), TODAY) == "Une suspension commence aujourd’hui ou avant."


def _next(facts: EnrolmentFacts, *roles: str, today: date = date(2026, 2, 1)) -> str | None:
    found = next_steps.next_step(facts, standing(*roles), today)
    return found.words if found else None


def test_the_next_thing_to_do_depends_on_who_looks() -> None:
    entered = enrolment(diagnoses=[diagnosis("holder", "entry"), diagnosis("coach", "entry")])
    assert _next(enrolment("to_start"), "is_team", "is_depositor") == "Lire et signer la convention"
    assert _next(enrolment("to_start"), "is_team") is None
    assert _next(enrolment(), "is_team") == "Situer votre projet : diagnostic d’entrée"
    assert _next(entered, "is_team") == "Remettre « Enquête »"
    assert _next(enrolment(), "is_coach") == "Faire le diagnostic d’entrée"
    assert _next(entered, "is_coach") == "Noter une séance"
    assert _next(entered, "is_manager") is None
    assert _next(entered, "is_colleague") is None
    assert _next(enrolment("stopped"), "is_team") is None


def test_what_was_sent_back_or_handed_in_comes_first() -> None:
    made = [diagnosis("holder", "entry"), diagnosis("coach", "entry")]
    both = [milestone(), milestone("sent_back", name="Étude", due_months=Decimal(4)), milestone("submitted", name="Plan")]
    facts = enrolment(milestones=both, diagnoses=made)
    assert _next(facts, "is_team") == "Reprendre « Étude »"
    assert _next(facts, "is_coach") == "Relire « Plan »"
    waiver = enrolment(milestones=[milestone("waiver_asked")], diagnoses=made)
    assert _next(waiver, "is_coach") == "Répondre sur « Enquête »"


def test_near_the_gate_diagnoses_and_opinion_are_asked_for() -> None:
    """R37: thirty days before the end."""
    made = [diagnosis("holder", "entry"), diagnosis("coach", "entry")]
    facts = enrolment(diagnoses=made, milestones=[milestone(due_months=Decimal(9))])
    assert _next(facts, "is_coach", today=date(2026, 4, 30)) == "Noter une séance"
    assert _next(facts, "is_coach", today=date(2026, 5, 1)) == "Faire le diagnostic de passage"
    settled = enrolment(diagnoses=made, milestones=[milestone("valid")])
    assert _next(settled, "is_team") == "Faire le diagnostic de passage"
    diagnosed = enrolment(diagnoses=[*made, diagnosis("coach", "gate")], milestones=[milestone("valid")])
    assert _next(diagnosed, "is_coach") == "Donner votre avis sur le passage"
    assert _next(ready(), "is_manager") == "Décider du passage"


def _phases(*names: str) -> list[next_steps.PhaseLine]:
    return [next_steps.PhaseLine(new_id(), name, name, number, number in (1, 2)) for number, name in enumerate(names)]


def test_the_thread_starts_where_the_project_entered() -> None:
    phases = _phases("diagnosis", "pre_incubation", "incubation", "follow_up")

    def told(*stays: tuple[int, str, date | None], is_late: bool = False) -> list[tuple[str, str]]:
        lived = [next_steps.PhaseStay(_id(phases, number), state, START, ended) for number, state, ended in stays]
        knots = next_steps.knots_of(phases, lived, is_late=is_late, ends_on=TODAY)
        return [(knot.label, knot.state) for knot in knots]

    assert told((1, "active", None)) == [("pre_incubation", "now"), ("incubation", "next"), ("follow_up", "next")]
    assert told((2, "active", None), is_late=True) == [("incubation", "late"), ("follow_up", "next")]
    assert told((1, "passed", TODAY), (2, "suspended", None))[:2] == [("pre_incubation", "done"), ("incubation", "now")]
    assert told((1, "stopped", TODAY))[0] == ("pre_incubation", "stopped")
    assert told((1, "to_start", None))[0] == ("pre_incubation", "next")


def _id(phases: list[next_steps.PhaseLine], number: int) -> UUID:
    return phases[number].id


def test_the_entry_diagnosis_is_asked_in_the_phase_one_entered_by_only():
    assert enrolment(diagnoses=[]).owes_entry_diagnosis("holder") is True
    assert enrolment(diagnoses=[], is_first=False).owes_entry_diagnosis("holder") is False
