"""A draft while it is written: saved out of order, moved onto another form, filled from a former one, agreed to, let in late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import msgspec
from hypothesis.stateful import invariant, precondition, rule

from incubator.applications.actions import (
    confirm,
    deposit,
    give_derogation,
    import_answers,
    rebase,
    save_answer,
    start_application,
)
from incubator.applications.actions.files import add_file, remove_file
from incubator.applications.forms import AnswerForm, DepositForm, DerogationForm, ImportForm, RebaseForm, StartForm
from incubator.applications.queries.dossiers import answers_of, dossier_for
from incubator.applications.queries.revisions import revisions_of
from incubator.applications.rules.dossier import missing, progress, set_aside
from incubator.calls.definitions import FormDefinition, Kind
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.documents.actions import prepare
from tests.properties import model
from tests.stateful.drafting import CLOSES, FORMER, FORMS, OPENS, TEAM, VALUES, Scene, carried, the_scene
from tests.stateful.house import House
from tests.stateful.life import Expected, Life
from tests.world.documents import a_pdf, kept_here
from tests.world.forms import use_form

ACTORS = st.sampled_from(("holder",) * 4 + ("mate",) * 3 + ("reader", "stranger"))
WRITTEN = tuple((code, value) for code, values in VALUES.items() for value in values)


class DraftLife(Life):
    """One draft; `answers`: value and version of each."""

    TABLES = ("application", "answer", "answer_revision", "deposit", "confirmation", "derogation", "document")

    def __init__(self, house: House, scene: Scene) -> None:
        super().__init__(house, OPENS)
        self.scene = scene
        self.form = self.call_form = "A"
        self.state = "draft"
        self.answers: dict[str, tuple[Any, int]] = {}
        self.written: dict[str, tuple[datetime, str]] = {}
        self.agreed: dict[str, datetime] = {}
        self.until: datetime | None = None
        by = scene.people["holder"]
        self.id: UUID = house.run(start_application(scene.call.code, StartForm(scene.project), by=by, at=self.tick()))

    @property
    def definition(self) -> FormDefinition:
        return FORMS[self.form]

    @property
    def values(self) -> dict[str, Any]:
        return {code: value for code, (value, _version) in self.answers.items() if value is not None}

    def _is_writable(self, at: datetime) -> bool:
        return self.state == "draft" and at < max(CLOSES, self.until or CLOSES)

    def _writes(self, actor: str, then: Expected) -> Expected:
        return NotFound if actor == "stranger" else Refused if actor == "reader" else then

    def _put(self, code: str, value: Any, actor: str) -> None:
        known, version = self.answers.get(code, (None, 0))
        if value != known:
            self.answers[code] = (value, version + 1)
            self.written[code] = (self.at, actor)

    @rule(jump=st.sampled_from(("minute", "minute", "day", "closing", "until")), before=st.integers(0, 2))
    def wait(self, jump: str, before: int) -> None:
        moments = {
            "minute": self.at + timedelta(minutes=1), "day": self.at + timedelta(days=1), "closing": CLOSES,
            "until": self.until or self.at,
        }  # fmt: skip
        self.wait_until(moments[jump] - timedelta(microseconds=before))

    @rule(actor=ACTORS, one=st.sampled_from(WRITTEN), back=st.sampled_from((0, 0, 0, 1, 2)))
    def save(self, actor: str, one: tuple[str, Any], back: int) -> None:
        """One answer, over the version stored or an older one: a save that comes late never covers a newer text (B07)."""
        at, (code, value) = self.tick(), one
        known, version = self.answers.get(code, (None, 0))
        expected = self._writes(actor, self._why_not_save(code, value, at))
        if expected is None and known != value and back and version:
            expected = Stale
        form = AnswerForm(value, max(0, version - back))
        self.act(save_answer(self.id, code, form, by=self.scene.people[actor], at=at), expected, journal=None)
        if expected is None:
            self._put(code, value, actor)

    def _why_not_save(self, code: str, value: Any, at: datetime) -> Expected:
        if not self._is_writable(at):
            return Conflict
        question = next((one for one in self.definition.questions if one.code == code), None)
        if question is None:
            return NotFound
        if value is None or value == self.values.get(code):
            return None
        is_shaped = isinstance(value, list) == (question.kind is Kind.CHOICES)
        return None if is_shaped and code in model.asked(self.definition, self.values) else Invalid

    @rule()
    def change_the_call_s_form(self) -> None:
        self.call_form = "B" if self.call_form == "A" else "A"
        self.house.run(use_form(self.scene.call.id, self.scene.forms[self.call_form]))

    @rule(actor=ACTORS, is_late=st.booleans())
    def rebase(self, actor: str, is_late: bool) -> None:
        """Onto the form that was shown; what does not fit leaves the dossier, and stays among its revisions."""
        at = self.tick()
        is_time = self._is_writable(at) and self.form != self.call_form and not is_late
        shown = self.scene.forms[self.form if is_late else self.call_form]
        expected = self._writes(actor, None if is_time else Conflict)
        work = rebase(self.id, RebaseForm(shown), by=self.scene.people[actor], at=at)
        self.act(work, expected, journal=["application.rebased"])
        if expected is None:
            self.form = self.call_form
            for code, value in self.values.items():
                self._put(code, carried(code, value, self.form), actor)

    @rule(actor=ACTORS, replace=st.booleans())
    def take_up(self, actor: str, replace: bool) -> None:
        """R8: the former answers that fit, where there is none, or over those there are; statements are made anew."""
        at = self.tick()
        expected = self._writes(actor, None if self._is_writable(at) else Conflict)
        work = import_answers(self.id, ImportForm(self.scene.former, replace), by=self.scene.people[actor], at=at)
        self.act(work, expected, journal=["answers.imported"])
        if expected is None:
            here = self.values
            for code, value in FORMER.items():
                brought = carried(code, value, self.form)
                if code != "5" and brought is not None and (replace or code not in here):
                    self._put(code, brought, actor)

    @rule(actor=ACTORS)
    def send_a_file(self, actor: str) -> None:
        at, joined = self.tick(), self.values.get("4", [])
        expected = self._writes(actor, (Invalid if len(joined) == 2 else None) if self._is_writable(at) else Conflict)
        made = self.act(self._sent(actor, at), NotFound if actor == "stranger" else expected, journal=None)
        if made:
            self._put("4", [*joined, str(made)], actor)

    async def _sent(self, actor: str, at: datetime) -> UUID:
        kept = kept_here()
        file = kept.arriving()
        file.write_bytes(a_pdf())
        try:
            made = await prepare(kept, file, "CV.pdf")
        finally:
            file.unlink(missing_ok=True)
        return await add_file(self.id, "4", made, by=self.scene.people[actor], at=at)

    @precondition(lambda self: self.values.get("4"))
    @rule(actor=ACTORS)
    def remove_a_file(self, actor: str) -> None:
        at, joined = self.tick(), self.values["4"]
        expected = self._writes(actor, None if self._is_writable(at) else Conflict)
        work = remove_file(self.id, "4", UUID(joined[0]), by=self.scene.people[actor], at=at)
        self.act(work, expected, journal=None)
        if expected is None:
            self._put("4", joined[1:] or None, actor)

    @rule(actor=st.sampled_from((*TEAM, "mate", "reader", "stranger")))
    def agree(self, actor: str) -> None:
        """R2: everyone, readers too; said again, it counts for what others have written since."""
        at = self.tick()
        expected: Expected = NotFound if actor == "stranger" else None if self._is_writable(at) else Conflict
        since = self.agreed.get(actor)
        is_new = since is None or any(when > since and who != actor for when, who in self.written.values())
        entries = ["application.agreed"] if is_new else []
        self.act(confirm(self.id, by=self.scene.people[actor], at=at), expected, journal=entries)
        if expected is None:
            self.agreed[actor] = at if is_new else self.agreed[actor]

    @rule(actor=st.sampled_from(("manager", "manager", "manager", "holder", "stranger")), days=st.sampled_from((1, 2, 61)))
    def let_in_late(self, actor: str, days: int) -> None:
        """A reason and a deadline, once the call is closed, one at a time."""
        at = self.tick()
        is_time = self.state == "draft" and at >= max(CLOSES, self.until or CLOSES)
        expected = None if is_time else Conflict
        if actor != "manager" or self.state != "draft":
            expected = NotFound
        elif is_time and days > 60:
            expected = Invalid
        until = at + timedelta(days=days)
        work = give_derogation(self.id, DerogationForm("Panne de la fibre.", until), by=self.scene.people[actor], at=at)
        letters = [("applications.derogation_given", self.scene.people[name]) for name in TEAM]
        self.act(work, expected, journal=["derogation.given"], letters=letters)
        if expected is None:
            self.until = until

    @rule(actor=st.sampled_from(("holder", "holder", "holder", "mate", "stranger")))
    def deposit(self, actor: str) -> None:
        at = self.tick()
        is_whole = not model.lacking(self.definition, self.values)
        is_time = self._is_writable(at) and is_whole and {"mate", "reader"} <= self.agreed.keys()
        expected: Expected = {"stranger": NotFound, "mate": Refused}.get(actor, None if is_time else Conflict)
        work = deposit(self.id, DepositForm(), by=self.scene.people[actor], at=at)
        letters = [("applications.receipt", self.scene.people[name]) for name in TEAM]
        self.act(work, expected, journal=["application.deposited"], letters=letters)
        if expected is None:
            self.state = "deposited"
            frozen = self.value("SELECT content -> 'answers' FROM deposit WHERE application = $1", self.id)
            assert msgspec.json.decode(frozen) == model.visible(self.definition, self.values)

    @precondition(lambda self: self.state == "draft")
    @rule()
    def finish(self) -> None:
        """All that is missing, and everybody's agreement, while there is time."""
        for code, value in (("0", "incubation"), ("2", "yes"), ("3", "Un")):
            self.save("holder", (code, value), 0)
        for actor in ("mate", "reader"):
            self.agree(actor)
        self.deposit("holder")

    @invariant()
    def nobody_s_words_are_lost(self) -> None:
        """What is stored is what was last written, and is the last of its revisions."""
        found = self.house.run(answers_of(self.id))
        assert {code: (one.value, one.version) for code, one in found.items()} == self.answers
        for code, (value, version) in self.answers.items():
            last = self.house.run(revisions_of(self.id, code))[0]
            assert (last.value, last.version) == (value, version)

    @invariant()
    def what_is_told_agrees(self) -> None:
        """What is asked, kept, missing and how far each section is."""
        dossier = self.house.run(dossier_for(self.scene.people["reader"], self.id))
        assert (dossier.facts.state.value, dossier.definition.title) == (self.state, self.form)
        lacking = [one.question for one in missing(dossier.definition, dossier.answers)]
        assert lacking == model.lacking(self.definition, self.values)
        assert sum(one.required_count - one.answered_count for one in progress(dossier.definition, dossier.answers)) == len(
            lacking
        )
        hidden = set(self.values) - set(model.visible(self.definition, self.values))
        assert {one.question for one in set_aside(dossier.definition, dossier.answers)} == hidden


def test_a_draft_lives_as_its_rules_say(house: House) -> None:
    scene = house.run(the_scene())
    house.play(lambda: DraftLife(house, scene), lives=60)
