"""Sentences, order and audiences, without a database."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from incubator.home.queries import awaiting
from incubator.home.rules.ahead import comes_next
from incubator.home.rules.awaiting import Item, Waiting, about, items_of, most_urgent_first, path_items
from incubator.home.rules.facts import Viewer
from incubator.home.rules.kinds import KINDS
from incubator.home.rules.parts import parts_of
from incubator.home.rules.timeline import VERBS, Logged, told, verbs_for
from incubator.progress.rules.facts import Span
from tests.home.test_thread import (
    ACCEPTED,
    ACTIVE,
    ADMISSIBLE,
    APPLICATION,
    AT,
    COHORT,
    DEPOSITED,
    NO_COHORT,
    NOTHING,
    RETAINED,
    TO_DO,
    WAITING,
    on_path,
)

ID = UUID(int=7)
DAY = timedelta(days=1)
TODAY = date(2027, 3, 1)
TEAM = Viewer(is_team=True, is_staff=False, follows=True, manages=False, has_interest=False)
COACH = Viewer(is_team=False, is_staff=True, follows=True, manages=False, has_interest=False)
INSTRUCTOR = Viewer(is_team=False, is_staff=True, follows=False, manages=False, has_interest=False, handles=True)
MANAGER = Viewer(is_team=False, is_staff=True, follows=True, manages=True, has_interest=False, handles=True)
NOTHING_TOLD = Logged(1, "", TODAY, ID, None, None, None, None, None, None, None, None, None, None, None, None)

OF_NO_PROJECT = ("data_request", "retention")


def waiting(kind: str, *, count: int = 1, at: datetime | None = None, on: date | None = None) -> Waiting:
    return Waiting(kind, "Repair’Bus", ID, "AAC-1", "Enquête", count, at, on)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("count", [1, 3])
def test_every_kind_is_a_whole_sentence_with_one_link(kind, count):
    (item,) = items_of([waiting(kind, count=count, at=AT, on=TODAY)], AT)
    assert "{" not in item.title + item.what + item.href
    assert item.href.startswith("/")
    assert "Repair’Bus" in item.title + item.what or kind.endswith("_one") or kind in OF_NO_PROJECT


def test_every_kind_a_query_finds_has_its_sentence():
    sql = awaiting._everywhere(True, True, True) + awaiting._on_a_project(True, True, True)
    assert {kind for kind in KINDS if f"'{kind}'" in sql} == set(KINDS)


def test_several_are_counted():
    one, many = items_of([waiting("rule"), waiting("rule", count=3)], AT)
    assert (one.title, many.title) == ("Prononcez la recevabilité de 1 dossier", "Prononcez la recevabilité de 3 dossiers")


def test_a_deadline_is_late_once_its_instant_has_passed_a_day_once_it_is_over():
    late, due = items_of([waiting("complement", at=AT - timedelta(seconds=1)), waiting("complement", at=AT)], AT)
    assert (late.late, due.late) == (True, False)
    gone, today = items_of([waiting("rule", on=TODAY - DAY), waiting("rule", on=TODAY)], AT)
    assert (gone.late, today.late) == (True, False)


def test_who_waits_since_then_has_no_due_day():
    (item,) = items_of([waiting("review", at=AT - 9 * DAY)], AT)
    assert (item.due, item.late) == (None, False)


def test_late_then_today_then_undated_then_later():
    def item(title: str, due: date | None) -> Item:
        return Item("x", title, "", "/", due, False)

    mixed = [item("later", TODAY + DAY), item("undated", None), item("today", TODAY), item("late", TODAY - DAY)]
    assert [one.title for one in most_urgent_first(mixed, TODAY)] == ["late", "today", "undated", "later"]


def test_a_path_expects_its_diagnosis_and_milestones_from_the_team_only():
    milestones = [TO_DO, replace(TO_DO, name="Charte", is_mandatory=False), replace(TO_DO, name="Validé", state="valid")]
    facts = on_path(replace(ACTIVE, milestones=milestones))
    assert [item.kind for item in path_items(facts, AT)] == ["milestone", "diagnosis"]
    assert path_items(replace(facts, is_team=False), AT) == []


def test_what_is_sent_back_is_asked_again_even_before_its_day():
    sent_back = replace(TO_DO, name="Enquête", due_months=TO_DO.due_months * 4, state="sent_back")
    found = path_items(on_path(replace(ACTIVE, milestones=[TO_DO, sent_back])), AT)
    assert [item.title for item in found[:2]] == [
        "Reprenez le livrable «\u00a0Enquête\u00a0»",
        "Remettez le livrable «\u00a0Plan d’action\u00a0»",
    ]


def test_only_the_entry_phase_begins_with_a_diagnosis():
    passed = replace(ACTIVE, state="passed", ended_on=TODAY - DAY, milestones=[])
    following = replace(ACTIVE, phase_position=2, starts_on=TODAY - DAY)
    assert [item.kind for item in path_items(on_path(ACTIVE), AT)] == ["milestone", "diagnosis"]
    assert [item.kind for item in path_items(on_path(passed, following), AT)] == ["milestone"]
    assert [item.kind for item in path_items(on_path(replace(ACTIVE, has_gate=False)), AT)] == ["milestone"]


def test_the_projects_own_page_does_not_repeat_its_name():
    (review,) = items_of([waiting("review", at=AT)], AT)
    assert about(review, "Repair’Bus").what == "Remis le lundi 1er mars 2027."
    assert about(replace(review, what="Repair’Bus"), "Repair’Bus").what == ""


def test_an_optional_milestone_whose_day_passed_is_left_in_peace():
    optional = replace(TO_DO, is_mandatory=False)
    facts = on_path(
        replace(ACTIVE, starts_on=date(2027, 1, 1), milestones=[optional], diagnoses=["holder entry"], has_gate=False)
    )
    assert path_items(facts, AT) == []


@pytest.mark.parametrize("state", ["to_start", "suspended", "passed", "stopped"])
def test_nothing_is_expected_off_the_path(state):
    ended = TODAY if state in ("passed", "stopped") else None
    assert path_items(on_path(replace(ACTIVE, state=state, ended_on=ended)), AT) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (NOTHING, ""),
        (replace(NOTHING, application=APPLICATION), ""),
        (
            replace(NOTHING, application=DEPOSITED),
            "Votre dossier est déposé\u00a0: il ne change plus. À l’équipe du programme\u00a0: elle vérifie que le dossier est"
            " recevable. Vous aurez une réponse au plus tard le jeudi 15 avril 2027.",
        ),
        (
            replace(NOTHING, application=replace(DEPOSITED, notify_on=TODAY - DAY)),
            "Votre dossier est déposé\u00a0: il ne change plus. À l’équipe du programme\u00a0: elle vérifie que le dossier est"
            " recevable. La réponse tarde\u00a0: elle vous sera écrite.",
        ),
        (
            replace(NOTHING, application=ADMISSIBLE, verdict=RETAINED, seating=NO_COHORT),
            "Votre projet est retenu. Dès que la promotion est créée, un courriel vous invite à répondre.",
        ),
        (
            replace(NOTHING, application=ADMISSIBLE, verdict=WAITING, seating=COHORT),
            "Votre projet est sur liste d’attente, au rang 2. Si une place se libère, elle vous est proposée.",
        ),
        (
            on_path(replace(ACTIVE, state="to_start"), seating=ACCEPTED),
            "La convention est en cours de signature. Le parcours commence le samedi 20 février 2027.",
        ),
        (on_path(ACTIVE), "Le prochain jalon est attendu le dimanche 7 mars 2027."),
        (on_path(replace(ACTIVE, milestones=[])), "La phase s’achève le dimanche 20 juin 2027."),
        (
            on_path(replace(ACTIVE, state="suspended", stops=[Span(TODAY, None)])),
            "Le parcours est suspendu\u00a0: le temps est arrêté jusqu’à la reprise.",
        ),
        (on_path(replace(ACTIVE, state="stopped", ended_on=TODAY)), ""),
    ],
)  # fmt: skip
def test_what_comes_next(facts, expected):
    assert comes_next(facts, AT) == expected


def test_who_reads_what_of_the_journal():
    secret = {"decision.recorded"}
    staff = {"application.presented"}
    coaches = {"coach.ended", "session.corrected", "opinion.given"}
    followed = {
        "session.logged", "deliverable.submitted", "deliverable.validated", "deliverable.sent_back", "deliverable.waived",
        "diagnosis.made",
    }  # fmt: skip
    everything = set(VERBS)
    assert set(verbs_for(TEAM)) == everything - secret - staff - coaches
    assert set(verbs_for(INSTRUCTOR)) == everything - secret - coaches - followed
    assert set(verbs_for(COACH)) == everything - secret
    assert set(verbs_for(MANAGER)) == everything
    assert set(verbs_for(replace(MANAGER, has_interest=True))) == everything - secret
    assert set(verbs_for(replace(MANAGER, is_team=True))) == everything - secret


def test_what_the_committee_does_is_on_nobodys_timeline():
    assert [verb for verb in VERBS if verb.startswith(("assessment.", "interest.", "undertaking.", "seat.", "committee."))] == []


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_is_told_with_and_without_its_facts(verb):
    bare = told(replace(NOTHING_TOLD, verb=verb), ID, MANAGER)
    full = Logged(
        1, verb, TODAY, ID, "Colin", "Aline", ID, ID, "Enquête", "Incubation", "visit", 90, "retained", "2027-04-01", "project", 2
    )
    assert "None" not in bare.title + bare.detail + (bare.href or "")
    assert "{" not in (told(full, ID, MANAGER).href or "")


def test_a_session_says_how_long_and_with_whom():
    entry = replace(NOTHING_TOLD, verb="session.logged", by_name="Colin", session_kind="visit", session_minutes=90)
    assert told(entry, ID, TEAM).detail == "Visite sur place · 1 h 30 · Colin"


def test_a_complement_is_due_on_a_day_and_at_an_hour():
    """B25: the log says what the page and the mail say."""
    due = datetime(2026, 10, 27, 22, 59, 59, tzinfo=UTC)
    said = told(replace(NOTHING_TOLD, verb="complement.requested", due_at=due), ID, TEAM).detail
    assert said == "à envoyer au plus tard le mardi 27 octobre 2026 à 23\u00a0h\u00a059, heure de Paris"


def test_a_link_is_given_only_to_who_may_open_it():
    entry = replace(NOTHING_TOLD, verb="enrolment.started", phase_name="Incubation")
    assert (told(entry, ID, TEAM).href, told(entry, ID, INSTRUCTOR).href) == (f"/projects/{ID}/path", None)
    deposited = replace(NOTHING_TOLD, verb="application.deposited")
    assert told(deposited, ID, replace(MANAGER, has_interest=True)).href is None
    assert (told(deposited, ID, COACH).href, told(deposited, ID, INSTRUCTOR).href) == (None, f"/applications/{ID}")


@pytest.mark.parametrize(
    ("viewer", "expected"),
    [
        (TEAM, ["application", "decision", "place", "agreement", "path", "sessions", "team"]),
        (replace(TEAM, writes=True), ["application", "decision", "place", "agreement", "path", "sessions", "team", "edit"]),
        (COACH, ["decision", "place", "agreement", "path", "sessions", "coaches", "team"]),
        (INSTRUCTOR, ["application", "decision", "place", "agreement", "team"]),
        (replace(MANAGER, has_interest=True), ["place", "agreement", "path", "sessions", "coaches", "team"]),
    ],
)
def test_the_pages_of_a_project_on_its_way(viewer, expected):
    hrefs = [part.href for part in parts_of(on_path(ACTIVE), viewer)]
    assert [
        href.rsplit("/", 1)[-1] if "applications" not in href or "decision" in href else "application" for href in hrefs
    ] == expected


def test_staff_are_not_sent_to_a_draft():
    facts = replace(NOTHING, application=APPLICATION)
    assert [part.href for part in parts_of(facts, COACH)] == [f"/projects/{NOTHING.project}/team"]
    assert len(parts_of(facts, TEAM)) == 2


def test_only_the_manager_is_sent_to_an_unpublished_decision():
    facts = replace(NOTHING, application=replace(ADMISSIBLE, is_presented=True))
    assert [len(parts_of(facts, viewer)) for viewer in (TEAM, COACH, MANAGER, replace(MANAGER, has_interest=True))] == [
        2,
        1,
        5,
        1,
    ]
