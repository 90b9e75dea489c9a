"""The checklist of a call: what is missing keeps it from being published, what is to be thought over does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from incubator.calls import rules
from incubator.calls.definitions import FormDefinition, Kind, Question, Section
from incubator.calls.reference import reference
from incubator.calls.rules import CallFacts, Publishing, Standing
from incubator.core.ids import new_id

OPENS, CLOSES = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 1, 30, 22, 59, tzinfo=UTC)
BEFORE = OPENS - timedelta(days=2)
FACTS = CallFacts(
    id=new_id(),
    programme=new_id(),
    code="AAC-CVL-2026-1",
    opens_at=OPENS,
    closes_at=CLOSES,
    notify_on=date(2026, 3, 6),
    departements=["45"],
    published_at=None,
    version=1,
    places_count=12,
)
READY = Publishing(FACTS, "Hiver 2026", "Bienvenue.", reference().form, 2, reference().grid, 1, None, None, 3, 1, ("Loiret",))
SHORT = msgspec.structs.replace(reference().form, sections=reference().form.sections[:1], eligibility=())
BARE = msgspec.structs.replace(reference().form, eligibility=(), self_test=())
OPTIONAL_PHASE = msgspec.structs.replace(
    BARE,
    sections=tuple(
        msgspec.structs.replace(
            one,
            questions=tuple(msgspec.structs.replace(q, required=q.required and q.kind is not Kind.PHASE) for q in one.questions),
        )
        for one in BARE.sections
    ),
)
ENDLESS = FormDefinition(
    "Sans fin",
    tuple(
        Section(f"S{part}", "Partie", tuple(Question(f"{part}.{rank}", "?", Kind.YES_NO) for rank in range(size)))
        for part, size in enumerate((60, 60, 60, 21), start=1)
    ),
)
HEAVY = msgspec.structs.replace(reference().grid, blocks=reference().grid.blocks[1:])


def standings(publishing: Publishing, at: datetime = BEFORE) -> dict[str, Standing]:
    return {check.about: check.standing for check in rules.checklist(publishing, at)}


def lacking(**changed: Any) -> Publishing:
    facts = {name: value for name, value in changed.items() if name in CallFacts.__struct_fields__}
    besides = {name: value for name, value in changed.items() if name not in facts}
    return msgspec.structs.replace(READY, facts=msgspec.structs.replace(FACTS, **facts), **besides)


def test_one_entry_phase_needs_no_question():
    assert rules.why_not_publish(lacking(form=OPTIONAL_PHASE), BEFORE) is None


def test_the_reference_call_lacks_nothing():
    assert rules.why_not_publish(READY, BEFORE) is None
    assert [about for about, standing in standings(READY).items() if standing is Standing.MISSING] == []


@pytest.mark.parametrize(
    ("changed", "about", "words"),
    [
        ({"title": ""}, "title", "pas de titre"),
        ({"introduction": ""}, "introduction", "présentation est vide"),
        ({"closes_at": OPENS}, "dates", "après l’ouverture"),
        ({"opens_at": BEFORE - timedelta(days=9), "closes_at": BEFORE}, "dates", "clôture est passée"),
        ({"notify_on": date(2026, 1, 29)}, "notify_on", "avant la clôture"),
        ({"departements": []}, "departements", "Aucun département"),
        ({"places_count": 0}, "places", "aucune place"),
        ({"grid": HEAVY}, "grid", "au lieu de 100"),
        ({"form": msgspec.structs.replace(BARE, sections=BARE.sections * 2)}, "form", "sert deux fois"),
        ({"form": OPTIONAL_PHASE, "entry_phases_count": 2}, "form", "demandez laquelle"),
        ({"form": ENDLESS}, "form", "201 questions"),
    ],
)
def test_what_is_missing_is_said_and_keeps_the_call_from_being_published(changed: dict[str, Any], about: str, words: str):
    publishing = lacking(**changed)
    said = {check.about: check.words for check in rules.checklist(publishing, BEFORE) if check.standing is Standing.MISSING}
    assert words in said[about]
    assert rules.why_not_publish(publishing, BEFORE) in said.values()


@pytest.mark.parametrize(
    ("changed", "about"),
    [
        ({"form": SHORT}, "criteria"),
        ({"form": msgspec.structs.replace(BARE, sections=reference().form.sections)}, "eligibility"),
        ({"form": msgspec.structs.replace(BARE, sections=reference().form.sections)}, "self_test"),
        ({"newer_form": 3}, "form"),
        ({"newer_grid": 2}, "grid"),
        ({"faq_count": 0}, "faq"),
        ({"opens_at": BEFORE - timedelta(hours=1)}, "dates"),
    ],
)
def test_what_is_to_be_thought_over_stops_nobody(changed: dict[str, Any], about: str):
    publishing = lacking(**changed)
    assert standings(publishing)[about] is Standing.WARNING
    assert rules.why_not_publish(publishing, BEFORE) is None


@pytest.mark.parametrize("at", [OPENS + timedelta(hours=1), CLOSES + timedelta(days=1)])
def test_what_is_published_has_nothing_left_to_be_thought_over_about_its_dates(at: datetime):
    dates = next(check for check in rules.checklist(lacking(published_at=BEFORE), at) if check.about == "dates")
    assert (dates.standing, dates.words.startswith("Du lundi 5 janvier 2026")) == (Standing.READY, True)


def test_departements_are_named():
    assert next(check.words for check in rules.checklist(READY, BEFORE) if check.about == "departements") == "Loiret"


def test_a_criterion_the_grid_does_not_have_is_missing():
    form = reference().form
    section = form.sections[0]
    stranger = msgspec.structs.replace(section.questions[0], criteria=("Z9",))
    changed = msgspec.structs.replace(
        form, sections=(msgspec.structs.replace(section, questions=(stranger, *section.questions[1:])), *form.sections[1:])
    )
    assert standings(lacking(form=changed))["criteria"] is Standing.MISSING


def test_a_copy_opens_on_the_same_weekday_and_hour_through_the_change_of_clock():
    opens = datetime(2025, 10, 20, 7, tzinfo=UTC)  # a Monday, nine o'clock in Paris, in summer time
    weeks = rules.weeks_to_next(opens, datetime(2026, 11, 1, tzinfo=UTC))
    assert weeks == 156 - 52
    assert rules.weeks_later(opens, weeks) == datetime(2027, 10, 18, 7, tzinfo=UTC)
    assert rules.weeks_later(datetime(2025, 10, 27, 8, tzinfo=UTC), 51) == datetime(2026, 10, 19, 7, tzinfo=UTC)
    assert rules.weeks_to_next(opens, datetime(2020, 1, 1, tzinfo=UTC)) == 52
