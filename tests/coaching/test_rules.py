"""Coaches and sessions, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from incubator.coaching import rules
from incubator.coaching.rules import Assigning, Followed, Journey, Load
from incubator.coaching.tables import SessionKind
from incubator.core.errors import Invalid
from incubator.core.ids import new_id
from tests.world.coaching import session_form

AT = datetime(2026, 4, 20, 15, tzinfo=UTC)
TODAY = date(2026, 4, 20)
SIGNED = datetime(2026, 4, 1, 22, 30, tzinfo=UTC)  # already the second of April in Paris
COACH, OTHER = new_id(), new_id()


def assigning(**changed: Any) -> Assigning:
    """A project on its way without any coach, and someone who coaches here."""
    return Assigning(**({"is_enrolled": True, "is_coach_here": True, "lead": None, "seconds": ()} | changed))


@pytest.mark.parametrize("is_lead", [True, False])
def test_who_may_become_a_coach(is_lead: bool) -> None:
    """R31."""
    assert rules.why_not_assign(assigning(), COACH, is_lead) is None
    assert rules.why_not_assign(assigning(lead=OTHER), COACH, is_lead) is None
    assert "pas en parcours" in (rules.why_not_assign(assigning(is_enrolled=False), COACH, is_lead) or "")
    assert "n’accompagne pas" in (rules.why_not_assign(assigning(is_coach_here=False), COACH, is_lead) or "")


def test_a_lead_stays_until_another_takes_over() -> None:
    """R31."""
    assert rules.why_not_assign(assigning(lead=COACH), COACH, True) == "Cette personne est déjà référente du projet."
    assert "Désignez d’abord" in (rules.why_not_assign(assigning(lead=COACH), COACH, False) or "")
    assert rules.why_not_assign(assigning(lead=OTHER, seconds=(COACH,)), COACH, True) is None
    assert "déjà le projet" in (rules.why_not_assign(assigning(lead=OTHER, seconds=(COACH,)), COACH, False) or "")
    assert rules.why_not_end_assignment(False) is None
    assert "toujours une personne référente" in (rules.why_not_end_assignment(True) or "")


def test_above_fifteen_projects_the_load_is_heavy() -> None:
    """R31."""
    assert not Load(COACH, "C", 15, Decimal(0)).is_heavy
    assert Load(COACH, "C", 16, Decimal(0)).is_heavy


@pytest.mark.parametrize("kind", SessionKind)
def test_before_the_agreement_only_the_diagnosis_is_logged(kind: SessionKind) -> None:
    """R30."""
    unsigned = Journey(None, True, None)
    signed = Journey(SIGNED, True, None)
    if kind == SessionKind.DIAGNOSIS:
        assert rules.why_not_log(unsigned, kind, TODAY) is None
        assert rules.why_not_log(signed, kind, date(2026, 4, 1)) is None
        return
    assert "n’est pas encore signée" in (rules.why_not_log(unsigned, kind, TODAY) or "")
    assert "signée le jeudi 2 avril 2026" in (rules.why_not_log(signed, kind, date(2026, 4, 1)) or "")
    assert rules.why_not_log(signed, kind, date(2026, 4, 2)) is None


@pytest.mark.parametrize("kind", SessionKind)
def test_nothing_is_logged_after_the_path_ended(kind: SessionKind) -> None:
    ended = Journey(SIGNED, False, date(2026, 4, 10))
    assert rules.why_not_log(ended, kind, date(2026, 4, 10)) is None
    assert "s’est terminé le vendredi 10 avril 2026" in (rules.why_not_log(ended, kind, date(2026, 4, 11)) or "")
    assert rules.why_not_log(Journey(SIGNED, True, date(2026, 4, 10)), kind, date(2026, 4, 11)) is None


def test_a_session_says_what_comes_next_or_why_nothing() -> None:
    """R33."""
    rules.check_session(session_form(AT), AT)
    rules.check_session(session_form(AT, next_on=TODAY), AT)
    wrong = {
        "held_on": session_form(AT, held_on=TODAY + timedelta(days=1)),
        "next_on": session_form(AT, no_next_reason=""),
        "no_next_reason": session_form(AT, next_on=TODAY + timedelta(days=7)),
    }
    wrong["no_next_reason"] = type(wrong["next_on"])(
        held_on=TODAY, duration_minutes=60, kind=SessionKind.PHONE, done="x", next_on=TODAY, no_next_reason="les deux"
    )
    for field, form in wrong.items():
        with pytest.raises(Invalid) as refused:
            rules.check_session(form, AT)
        assert list(refused.value.errors) == [field]
    with pytest.raises(Invalid) as backwards:
        rules.check_session(session_form(AT, next_on=TODAY - timedelta(days=1)), AT)
    assert backwards.value.errors == {"next_on": "La prochaine séance vient après celle-ci."}


def test_a_session_is_edited_for_ten_days_by_the_servers_calendar() -> None:
    logged = datetime(2026, 4, 1, 22, 30, tzinfo=UTC)  # 2 April in Paris
    assert rules.is_editable(logged, datetime(2026, 4, 12, 21, 59, tzinfo=UTC))
    assert not rules.is_editable(logged, datetime(2026, 4, 12, 22, 0, tzinfo=UTC))  # 13 April in Paris
    rules.check_correction("", logged, datetime(2026, 4, 12, 21, 59, tzinfo=UTC))
    rules.check_correction("Une faute.", logged, AT)
    with pytest.raises(Invalid) as silent:
        rules.check_correction("", logged, AT)
    assert list(silent.value.errors) == ["reason"]


def followed(name: str = "Repair’Bus", **changed: Any) -> Followed:
    """A project in pre-incubation since the first of March."""
    facts: dict[str, Any] = {"project": new_id(), "project_name": name, "commune": None, "phase_name": "Pré-incubation"}
    facts |= {"alert_days": 30, "state": "active", "starts_on": date(2026, 3, 1), "is_lead": True}
    return Followed(**(facts | {"last_on": None, "next_on": None} | changed))


@pytest.mark.parametrize(("alert_days", "last_on", "expected"), [
    (30, date(2026, 3, 21), False),
    (30, date(2026, 3, 20), True),
    (45, date(2026, 3, 6), False),
    (45, date(2026, 3, 5), True),
    (30, None, True),
    (0, None, False),
])  # fmt: skip
def test_thirty_or_forty_five_days_without_a_session_alert(alert_days: int, last_on: date | None, expected: bool) -> None:
    """R32."""
    assert rules.is_idle(followed(alert_days=alert_days, last_on=last_on), TODAY) is expected


@pytest.mark.parametrize("state", ["to_start", "suspended"])
def test_a_path_that_stands_still_is_left_in_peace(state: str) -> None:
    project = followed(state=state, next_on=date(2026, 3, 2))
    assert not rules.is_idle(project, TODAY)
    assert not rules.is_missed(project, TODAY)


def test_the_most_urgent_come_first() -> None:
    projects = [
        followed("Plus tard", last_on=TODAY, next_on=date(2026, 5, 20)),
        followed("Bientôt", last_on=TODAY, next_on=date(2026, 4, 21)),
        followed("Sans date", last_on=TODAY),
        followed("Manqué", last_on=date(2026, 4, 1), next_on=date(2026, 4, 15)),
        followed("Oublié"),
        followed("Délaissé", last_on=date(2026, 3, 10)),
    ]
    names = [project.project_name for project in rules.most_urgent_first(projects, TODAY)]
    assert names == ["Oublié", "Délaissé", "Manqué", "Bientôt", "Plus tard", "Sans date"]
