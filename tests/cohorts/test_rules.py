"""Places, signatures and enrolments, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from incubator.cohorts import rules
from incubator.cohorts.rules import PlaceFacts
from incubator.core.errors import Conflict, Invalid
from incubator.core.ids import new_id

PUBLISHED = datetime(2026, 3, 2, 9, tzinfo=UTC)
CREATED = PUBLISHED + timedelta(days=1)
LAST_INSTANT = datetime(2026, 3, 18, 22, 59, 59, 999_999, tzinfo=UTC)  # the fifteenth day ends after 23:59:59 in Paris
ME, OTHER = new_id(), new_id()

PLACE_ALLOWED = {
    ("offer", "waiting"),
    ("accept", "awaiting"),
    ("accept", "offered"),
    ("decline", "awaiting"),
    ("decline", "offered"),
    ("release", "awaiting"),
    ("release", "offered"),
    ("withdraw", "accepted"),
}
ENROLMENT_ALLOWED = {
    ("start", "to_start"),
    ("cancel", "to_start"),
    ("suspend", "active"),
    ("resume", "suspended"),
    ("review", "active"),
    ("review", "in_review"),
    ("prolong", "active"),
    ("prolong", "in_review"),
    ("pass", "active"),
    ("pass", "in_review"),
    *((verb, state) for verb in ("redirect", "stop") for state in ("active", "suspended", "in_review")),
}


def place(**changed: Any) -> PlaceFacts:
    """A retained project that can answer, but for what is changed."""
    facts: dict[str, Any] = {field: None for field in PlaceFacts.__struct_fields__}
    facts |= {"decision": new_id(), "project": new_id(), "project_name": "Repair’Bus", "programme": new_id()}
    facts |= {"call": new_id(), "phase": new_id(), "phase_code": "pre_incubation", "phase_name": "Pré-incubation"}
    facts |= {"conditions": "", "outcome": "retained", "published_at": PUBLISHED, "cohort": new_id(), "cohort_name": "P"}
    facts |= {"cohort_created_at": CREATED, "starts_on": date(2026, 3, 30), "places_count": 10, "taken_count": 0}
    facts |= {"is_team": True, "is_depositor": True}
    return PlaceFacts(**(facts | changed))


def accepted(**changed: Any) -> PlaceFacts:
    """A place accepted, its agreement unsigned."""
    return place(**({"place": new_id(), "place_state": "accepted", "agreement": new_id(), "text_hash": "h"} | changed))


@pytest.mark.parametrize("state", rules.PLACE_STATES)
@pytest.mark.parametrize("verb", rules.PLACE_MOVES)
def test_a_place_moves_only_where_it_may(verb: str, state: str) -> None:
    if (verb, state) in PLACE_ALLOWED:
        expected = {"offer": "offered", "accept": "accepted"}.get(verb, "declined")
        assert rules.move(rules.PLACE_MOVES, verb, state) == expected
    else:
        with pytest.raises(Conflict):
            rules.move(rules.PLACE_MOVES, verb, state)


@pytest.mark.parametrize("state", rules.ENROLMENT_STATES)
@pytest.mark.parametrize("verb", rules.ENROLMENT_MOVES)
def test_an_enrolment_moves_only_where_it_may(verb: str, state: str) -> None:
    if (verb, state) not in ENROLMENT_ALLOWED:
        with pytest.raises(Conflict):
            rules.move(rules.ENROLMENT_MOVES, verb, state)
        return
    arrivals = {"start": "active", "cancel": "stopped", "suspend": "suspended", "resume": "active", "review": "in_review"}
    arrivals |= {"prolong": "active", "pass": "passed", "redirect": "stopped", "stop": "stopped"}
    assert rules.move(rules.ENROLMENT_MOVES, verb, state) == arrivals[verb]


def test_one_has_fifteen_days_from_the_moment_one_can_answer() -> None:
    assert place().answer_by == LAST_INSTANT
    assert place(cohort_created_at=PUBLISHED - timedelta(days=9)).answer_by == LAST_INSTANT - timedelta(days=1)
    assert place(cohort=None, cohort_created_at=None).answer_by is None
    assert place(outcome="waiting_list", waiting_rank=1).answer_by is None


def test_a_place_is_accepted_until_the_last_instant() -> None:
    assert rules.why_not_accept(place(), LAST_INSTANT) is None
    late = rules.why_not_accept(place(), LAST_INSTANT + timedelta(seconds=1))
    assert late == "Le délai de réponse est passé depuis le mercredi 18 mars 2026. Écrivez à l’équipe du programme."


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"outcome": "waiting_list", "waiting_rank": 2}, "rang 2"),
        ({"place_state": "accepted"}, "déjà acceptée"),
        ({"place_state": "declined"}, "a été rendue"),
        ({"cohort": None}, "pas encore créée"),
    ],
)
def test_what_is_no_longer_or_not_yet_to_answer(changed: dict[str, Any], reason: str) -> None:
    facts = place(**changed)
    assert reason in (rules.why_not_accept(facts, CREATED) or "")
    assert reason in (rules.why_not_decline(facts, CREATED) or "")
    assert reason in (rules.why_not_release(facts, CREATED) or "")


def test_places_are_a_ceiling() -> None:
    """R26."""
    assert rules.why_not_accept(place(taken_count=9), CREATED) is None
    assert rules.why_not_accept(place(taken_count=10), CREATED) == "La promotion est complète."
    assert rules.why_not_decline(place(taken_count=10), CREATED) is None


def test_declining_has_no_deadline_and_releasing_waits_for_it() -> None:
    after = LAST_INSTANT + timedelta(seconds=1)
    assert rules.why_not_decline(place(), after) is None
    assert rules.why_not_release(place(), LAST_INSTANT) == "Le projet peut encore répondre jusqu’au mercredi 18 mars 2026."
    assert rules.why_not_release(place(), after) is None


def test_a_place_is_given_back_until_both_have_signed() -> None:
    one_side = accepted(project_signed_at=CREATED, project_signed_by=ME)
    both = accepted(project_signed_at=CREATED, programme_signed_at=CREATED)
    assert rules.why_not_withdraw(accepted(), CREATED) is None
    assert rules.why_not_withdraw(one_side, CREATED) is None
    assert "est signée" in (rules.why_not_withdraw(both, CREATED) or "")
    for state in ("offered", "declined", None):
        assert rules.why_not_withdraw(place(place_state=state), CREATED) == "Aucune place acceptée n’est à rendre."


def test_two_different_people_sign_once_each() -> None:
    """R30."""
    assert rules.why_not_sign_for_project(accepted(), ME) is None
    assert rules.why_not_sign_for_programme(accepted(), ME) is None
    by_me = accepted(project_signed_at=CREATED, project_signed_by=ME)
    assert rules.why_not_sign_for_project(by_me, OTHER) == "L’équipe a déjà signé."
    assert rules.why_not_sign_for_programme(by_me, OTHER) is None
    assert "Deux personnes différentes" in (rules.why_not_sign_for_programme(by_me, ME) or "")
    for_programme = accepted(programme_signed_at=CREATED, programme_signed_by=ME)
    assert rules.why_not_sign_for_programme(for_programme, OTHER) == "Le programme a déjà signé."
    assert "Deux personnes différentes" in (rules.why_not_sign_for_project(for_programme, ME) or "")


@pytest.mark.parametrize("state", ["offered", "declined", None])
def test_nothing_is_signed_without_an_accepted_place(state: str | None) -> None:
    facts = place(place_state=state, agreement=new_id() if state == "declined" else None)
    assert "quand le projet accepte" in (rules.why_not_sign_for_project(facts, ME) or "")
    assert "quand le projet accepte" in (rules.why_not_sign_for_programme(facts, ME) or "")


def test_one_signs_what_was_shown() -> None:
    rules.check_agreed(True, "h", "h")
    with pytest.raises(Invalid) as unread:
        rules.check_agreed(False, "h", "h")
    assert list(unread.value.errors) == ["agreed"]
    with pytest.raises(Conflict, match="a changé"):
        rules.check_agreed(True, "older", "h")


def test_a_cohort_is_created_once_and_starts_after_its_call() -> None:
    closes_on = date(2026, 1, 30)
    assert rules.why_not_create_cohort(False, date(2026, 1, 31), closes_on) is None
    assert rules.why_not_create_cohort(True, date(2026, 3, 30), closes_on) == "Cet appel a déjà sa promotion."
    assert rules.why_not_create_cohort(False, closes_on, closes_on) is None
    early = rules.why_not_create_cohort(False, date(2026, 1, 29), closes_on)
    assert early == "La promotion ne commence pas avant la clôture de l’appel, le vendredi 30 janvier 2026."


def test_a_late_joiner_starts_the_day_they_accept() -> None:
    assert rules.start_of(date(2026, 3, 30), PUBLISHED) == date(2026, 3, 30)
    assert rules.start_of(date(2026, 3, 1), datetime(2026, 4, 10, 22, 30, tzinfo=UTC)) == date(2026, 4, 11)


def test_places_never_go_below_those_taken() -> None:
    assert rules.why_not_resize(4, 4) is None
    assert rules.why_not_resize(3, 4) == "4 places sont déjà prises : gardez-en au moins autant."


def test_a_place_is_offered_when_one_is_free_and_someone_waits() -> None:
    assert rules.why_not_offer(1, 1) is None
    assert "Aucune place n’est libre" in (rules.why_not_offer(0, 3) or "")
    assert "Personne n’est sur la liste" in (rules.why_not_offer(2, 0) or "")
