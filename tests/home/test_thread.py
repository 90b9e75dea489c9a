"""Le fil in every situation of a project's life, from facts alone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace

from incubator.home.rules.facts import (
    Candidacy,
    EnrolmentFacts,
    MilestoneFacts,
    PhaseFacts,
    Seating,
    ThreadFacts,
    Verdict,
)
from incubator.home.rules.thread import Step, current_step, thread_steps
from incubator.progress.rules.facts import Span

ID = UUID(int=1)
AT = datetime(2027, 3, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
PHASES = [
    PhaseFacts("diagnosis", "Diagnostic", 0, False, Decimal("0.5")),
    PhaseFacts("pre_incubation", "Pré-incubation", 1, True, Decimal(4)),
    PhaseFacts("incubation", "Incubation", 2, True, Decimal(12)),
    PhaseFacts("follow_up", "Suivi", 3, False, Decimal(36)),
]
APPLICATION = Candidacy(
    id=ID, state="draft", call_code="AAC", call_title="Hiver", closes_at=AT + 10 * DAY, notify_on=date(2027, 4, 15),
    deposited_at=None, complement_due_at=None, ruled_at=None, is_presented=False, phase_position=1,
)  # fmt: skip
DEPOSITED = replace(APPLICATION, state="deposited", closes_at=AT - 5 * DAY, deposited_at=AT - 8 * DAY)
ADMISSIBLE = replace(DEPOSITED, state="admissible")
RETAINED = Verdict("retained", 1, None, AT - 2 * DAY)
WAITING = Verdict("waiting_list", 1, 2, AT - 2 * DAY)
NO_COHORT = Seating(None, None, None, None, None, None, None)
COHORT = replace(NO_COHORT, cohort_created_at=AT - DAY, starts_on=date(2027, 3, 22))
ACCEPTED = replace(COHORT, state="accepted", answered_at=AT)
SIGNED = replace(ACCEPTED, project_signed_at=AT, programme_signed_at=AT)
TO_DO = MilestoneFacts(ID, "Plan d’action", Decimal("0.5"), True, "to_do")
ACTIVE = EnrolmentFacts(
    id=ID, phase_position=1, phase_name="Pré-incubation", planned_months=Decimal(4), state="active",
    starts_on=date(2027, 2, 20), ended_on=None, prolonged_months=0, gate_outcome=None, has_gate=True, has_opinion=False,
    diagnoses=[], stops=[], milestones=[TO_DO],
)  # fmt: skip
NOTHING = ThreadFacts(
    project=ID, name="Repair’Bus", programme=ID, created_at=datetime(2027, 1, 4, 9, tzinfo=UTC), is_team=True,
    is_depositor=True, is_coach=False, is_lead=False, phases=PHASES, application=None, verdict=None, seating=None, enrolments=[],
)  # fmt: skip


def on_path(*enrolments: EnrolmentFacts, seating: Seating = SIGNED) -> ThreadFacts:
    return replace(NOTHING, application=ADMISSIBLE, verdict=RETAINED, seating=seating, enrolments=list(enrolments))


def told(facts: ThreadFacts, at: datetime = AT) -> list[tuple[str, str, date | None]]:
    return [(step.label, step.state, step.date) for step in thread_steps(facts, at)]


def step(facts: ThreadFacts, label: str, at: datetime = AT) -> Step:
    return next(step for step in thread_steps(facts, at) if step.label == label)


def states(facts: ThreadFacts, at: datetime = AT) -> str:
    return " ".join(step.state for step in thread_steps(facts, at))


def test_a_first_contact_shows_the_whole_way():
    assert told(NOTHING) == [
        ("Contact", "done", date(2027, 1, 4)),
        ("Candidature", "next", None),
        ("Sélection", "next", None),
        ("Pré-incubation", "next", None),
        ("Incubation", "next", None),
        ("Suivi", "next", None),
    ]


@pytest.mark.parametrize(
    ("application", "expected", "day", "note"),
    [
        (APPLICATION, "now", date(2027, 3, 11), "Brouillon à déposer avant la clôture"),
        (replace(APPLICATION, closes_at=AT), "stopped", date(2027, 3, 1), "Brouillon non déposé à la clôture"),
        (replace(APPLICATION, state="withdrawn"), "stopped", None, "Retirée par l’équipe"),
        (DEPOSITED, "done", date(2027, 2, 21), None),
        (ADMISSIBLE, "done", date(2027, 2, 21), None),
        (
            replace(DEPOSITED, state="complement_requested", complement_due_at=AT + DAY),
            "now", date(2027, 3, 2), "Complément demandé",
        ),
        (
            replace(DEPOSITED, state="complement_requested", complement_due_at=AT - DAY),
            "late", date(2027, 2, 28), "Complément demandé",
        ),
    ],
)  # fmt: skip
def test_candidacy(application, expected, day, note):
    found = step(replace(NOTHING, application=application), "Candidature")
    assert (found.state, found.date, found.note) == (expected, day, note)


@pytest.mark.parametrize(
    ("application", "verdict", "seating", "expected", "note"),
    [
        (DEPOSITED, None, None, "now", "Recevabilité à prononcer"),
        (ADMISSIBLE, None, None, "now", "Réponse attendue"),
        (replace(ADMISSIBLE, notify_on=date(2027, 2, 28)), None, None, "late", "Réponse attendue"),
        (replace(DEPOSITED, state="complement_requested", complement_due_at=AT), None, None, "next", None),
        (replace(DEPOSITED, state="inadmissible", ruled_at=AT), None, None, "stopped", "Dossier non recevable"),
        (ADMISSIBLE, RETAINED, NO_COHORT, "done", "Projet retenu"),
        (ADMISSIBLE, replace(RETAINED, outcome="redirected", phase_position=None), NO_COHORT, "stopped", "Projet réorienté"),
        (ADMISSIBLE, replace(RETAINED, outcome="not_retained", phase_position=None), NO_COHORT, "stopped", "Projet non retenu"),
        (ADMISSIBLE, WAITING, COHORT, "now", "Liste d’attente, rang 2"),
        (ADMISSIBLE, WAITING, replace(COHORT, state="offered", answer_by=AT + DAY), "now", "Place proposée, réponse attendue"),
        (ADMISSIBLE, WAITING, replace(COHORT, state="offered", answer_by=AT - DAY), "late", "Place proposée, réponse attendue"),
        (ADMISSIBLE, WAITING, ACCEPTED, "done", "Liste d’attente"),
    ],
)
def test_selection(application, verdict, seating, expected, note):
    found = step(replace(NOTHING, application=application, verdict=verdict, seating=seating), "Sélection")
    assert (found.state, found.note) == (expected, note)


@pytest.mark.parametrize(
    ("verdict", "seating", "expected", "day", "note"),
    [
        (RETAINED, NO_COHORT, "next", None, "Promotion en préparation"),
        (RETAINED, COHORT, "now", date(2027, 3, 15), "Place à accepter"),
        (RETAINED, replace(COHORT, cohort_created_at=AT - 30 * DAY), "now", date(2027, 3, 14), "Place à accepter"),
        (RETAINED, replace(COHORT, state="declined", answered_at=AT), "stopped", date(2027, 3, 1), "Place rendue"),
        (WAITING, COHORT, "next", date(2027, 3, 22), None),
    ],
)
def test_the_entry_phase_before_anyone_is_enrolled(verdict, seating, expected, day, note):
    found = step(replace(NOTHING, application=ADMISSIBLE, verdict=verdict, seating=seating), "Pré-incubation")
    assert (found.state, found.date, found.note) == (expected, day, note)


def test_a_place_not_answered_in_time_is_late():
    facts = replace(NOTHING, application=ADMISSIBLE, verdict=RETAINED, seating=COHORT)
    assert step(facts, "Pré-incubation", AT + 15 * DAY).state == "late"


@pytest.mark.parametrize(
    ("enrolment", "seating", "expected", "day", "note"),
    [
        (replace(ACTIVE, state="to_start"), ACCEPTED, "now", date(2027, 2, 20), "Convention à signer"),
        (
            replace(ACTIVE, state="to_start"), replace(ACCEPTED, project_signed_at=AT),
            "now", date(2027, 2, 20), "Convention à signer par le programme",
        ),
        (ACTIVE, SIGNED, "now", date(2027, 6, 20), "Fin prévue"),
        (replace(ACTIVE, prolonged_months=2), SIGNED, "now", date(2027, 8, 20), "Fin prévue, prolongation comprise"),
        (replace(ACTIVE, starts_on=date(2027, 2, 1)), SIGNED, "late", date(2027, 2, 16), "1 jalon en retard"),
        (
            replace(ACTIVE, starts_on=date(2026, 10, 1), milestones=[]), SIGNED,
            "late", date(2027, 2, 1), "Fin prévue dépassée : passage à décider",
        ),
        (
            replace(ACTIVE, starts_on=date(2027, 2, 1), milestones=[replace(TO_DO, is_mandatory=False)]), SIGNED,
            "now", date(2027, 6, 1), "Fin prévue",
        ),
        (
            replace(ACTIVE, starts_on=date(2027, 2, 1), milestones=[replace(TO_DO, state="submitted")]), SIGNED,
            "now", date(2027, 6, 1), "Fin prévue",
        ),
        (
            replace(ACTIVE, state="suspended", stops=[Span(date(2027, 2, 25), None)]), SIGNED,
            "now", date(2027, 2, 25), "Parcours suspendu : le temps est arrêté",
        ),
        (
            replace(ACTIVE, stops=[Span(date(2027, 2, 22), date(2027, 2, 27))]), SIGNED,
            "now", date(2027, 6, 25), "Fin prévue",
        ),
        (replace(ACTIVE, state="in_review"), SIGNED, "now", date(2027, 6, 20), "Revue de passage"),
        (replace(ACTIVE, state="passed", ended_on=date(2027, 2, 28)), SIGNED, "done", date(2027, 2, 28), None),
        (
            replace(ACTIVE, state="stopped", ended_on=date(2027, 2, 28), gate_outcome="redirect"), SIGNED,
            "stopped", date(2027, 2, 28), "Réorienté à la revue de passage",
        ),
        (
            replace(ACTIVE, state="stopped", ended_on=date(2027, 2, 28), gate_outcome="stop"), SIGNED,
            "stopped", date(2027, 2, 28), "Arrêté à la revue de passage",
        ),
        (
            replace(ACTIVE, state="stopped", ended_on=date(2027, 2, 28)), replace(ACCEPTED, state="declined"),
            "stopped", date(2027, 2, 28), "Parcours interrompu",
        ),
    ],
)  # fmt: skip
def test_a_phase_under_way(enrolment, seating, expected, day, note):
    found = step(on_path(enrolment, seating=seating), "Pré-incubation")
    assert (found.state, found.date, found.note) == (expected, day, note)


def test_the_phase_after_this_one_is_dated_by_its_planned_end():
    assert told(on_path(ACTIVE))[3:] == [
        ("Pré-incubation", "now", date(2027, 6, 20)),
        ("Incubation", "next", date(2027, 6, 20)),
        ("Suivi", "next", None),
    ]


def test_a_passed_gate_leads_to_the_next_phase():
    passed = replace(ACTIVE, state="passed", ended_on=date(2027, 2, 28), milestones=[])
    incubated = replace(
        ACTIVE, phase_position=2, phase_name="Incubation", planned_months=Decimal(12), starts_on=date(2027, 2, 28), milestones=[]
    )
    assert states(on_path(passed, incubated)) == "done done done done now next"
    assert current_step(thread_steps(on_path(passed, incubated), AT)).label == "Incubation"


@pytest.mark.parametrize(
    "facts",
    [
        replace(NOTHING, application=replace(APPLICATION, phase_position=2)),
        replace(NOTHING, application=ADMISSIBLE, verdict=replace(RETAINED, phase_position=2), seating=COHORT),
        on_path(replace(ACTIVE, phase_position=2)),
    ],
)
def test_a_direct_entry_skips_pre_incubation(facts):
    assert [step.label for step in thread_steps(facts, AT)] == ["Contact", "Candidature", "Sélection", "Incubation", "Suivi"]


def test_after_a_stop_nothing_has_a_date():
    facts = replace(NOTHING, application=ADMISSIBLE, verdict=replace(RETAINED, outcome="not_retained"), seating=COHORT)
    assert states(facts) == "done done stopped next next next"
    assert [step.date for step in thread_steps(facts, AT)[3:]] == [None, None, None]


def test_the_current_step_is_the_late_one_first():
    late = on_path(replace(ACTIVE, starts_on=date(2027, 2, 1)))
    assert current_step(thread_steps(late, AT)).state == "late"
    assert current_step(thread_steps(NOTHING, AT)).label == "Contact"
