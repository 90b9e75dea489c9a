"""What a team is told in every state: the state in words, who acts next, by when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from incubator.applications.rules.standing import TONES, WORDS, Stand, Turn, standing
from incubator.applications.tables import ApplicationState

CLOSES = datetime(2026, 1, 30, 22, 59, tzinfo=UTC)
NOTIFY = date(2026, 3, 20)
DUE = datetime(2026, 2, 20, 22, 59, 59, tzinfo=UTC)
BEFORE, AFTER = CLOSES - timedelta(days=2), CLOSES + timedelta(days=2)
DRAFT = Stand("draft", CLOSES, CLOSES, NOTIFY)
LET_IN = msgspec.structs.replace(DRAFT, writes_until=CLOSES + timedelta(days=5))
DEPOSITED = msgspec.structs.replace(DRAFT, state="deposited", deposits_count=1)
ASKED = msgspec.structs.replace(DEPOSITED, state="complement_requested", complement_due_at=DUE)
ADMISSIBLE = msgspec.structs.replace(DEPOSITED, state="admissible")
CASES = [
    (DRAFT, BEFORE, "draft", Turn.TEAM, CLOSES, "déposez-le avant le vendredi 30 janvier 2026 à 23 h 59"),
    (DRAFT, CLOSES, "lapsed", Turn.NOBODY, None, "Rien n’est plus attendu pour cet appel"),
    (LET_IN, BEFORE, "draft", Turn.TEAM, CLOSES, "30 janvier 2026"),
    (LET_IN, AFTER, "derogation", Turn.TEAM, CLOSES + timedelta(days=5), "mercredi 4 février 2026 à 23 h 59"),
    (LET_IN, CLOSES + timedelta(days=5), "lapsed", Turn.NOBODY, None, "Rien n’est plus attendu"),
    (DEPOSITED, AFTER, "deposited", Turn.PROGRAMME, NOTIFY, "réponse au plus tard le vendredi 20 mars 2026"),
    (msgspec.structs.replace(DEPOSITED, deposits_count=2), AFTER, "complement_received", Turn.PROGRAMME, NOTIFY, "20 mars 2026"),
    (ASKED, DUE, "complement_requested", Turn.TEAM, DUE, "au plus tard le vendredi 20 février 2026 à 23 h 59"),
    (ASKED, DUE + timedelta(seconds=1), "complement_overdue", Turn.PROGRAMME, NOTIFY, "elle se prononce sur ce dossier"),
    (ADMISSIBLE, AFTER, "admissible", Turn.PROGRAMME, NOTIFY, "il présente le dossier au comité"),
    (msgspec.structs.replace(ADMISSIBLE, is_presented=True), AFTER, "presented", Turn.COMMITTEE, NOTIFY, "il lit et délibère"),
    (
        msgspec.structs.replace(ADMISSIBLE, is_presented=True, is_decided=True),
        *(AFTER, "decided", Turn.NOBODY, None, "page du projet"),
    ),
    (msgspec.structs.replace(DEPOSITED, state="inadmissible"), AFTER, "inadmissible", Turn.NOBODY, None, "écrivez au programme"),
    (msgspec.structs.replace(DEPOSITED, state="withdrawn"), AFTER, "withdrawn", Turn.NOBODY, None, "Rien n’est plus attendu"),
]


@pytest.mark.parametrize(("stand", "at", "state", "turn", "by", "words"), CASES)
def test_who_acts_next_and_by_when(stand, at, state, turn, by, words):
    told = standing(stand, at)
    assert (told.state, told.turn, told.by or told.on) == (state, turn, by)
    assert words in told.next.replace("\u202f", " ").replace("\u00a0", " ")
    assert told.label == WORDS[state]
    assert told.said


def test_every_state_is_told():
    """Each state that is stored, and each that is derived, is among the cases above."""
    assert {case[2] for case in CASES} == set(WORDS)
    assert {case[0].state for case in CASES} == {state.value for state in ApplicationState}
    assert set(TONES) < set(WORDS)


def test_an_answer_that_is_late_is_said_to_be():
    told = standing(DEPOSITED, datetime(2026, 3, 21, 12, tzinfo=UTC))
    assert "La réponse tarde" in told.next
    assert "20 mars" not in told.next
