"""Any form says the same after a file, a database, a page of the builder."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from incubator.calls.building_forms import QuestionForm
from incubator.calls.definitions import FormDefinition
from incubator.calls.files import CallFile, as_json, as_yaml, read_call_file
from incubator.calls.pages.building_fields import question_values
from incubator.calls.reference import reference
from incubator.calls.rules import why_not_form
from incubator.calls.rules.editing import move_question, with_question, without_question
from incubator.calls.rules.questions import typed_question
from incubator.core.forms import from_html
from tests.properties.dossiers import often
from tests.properties.forms import as_json as through_json
from tests.properties.forms import definitions


@often(100)
@given(definitions(most=12))
def test_a_form_is_the_same_after_json_and_after_a_file(definition: FormDefinition) -> None:
    assert why_not_form(definition) is None
    assert through_json(definition) == definition
    known = reference()
    file = CallFile(call=known.call, plan=known.plan, form=definition, grid=known.grid)
    for write in (as_yaml, as_json):
        written = write(file)
        assert read_call_file(written) == file
        assert write(read_call_file(written)) == written


@often(100)
@given(definitions(least=2, most=12))
def test_a_question_sent_back_as_its_page_shows_it_is_the_same(definition: FormDefinition) -> None:
    earlier = {}
    for question in definition.questions:
        shown = question_values(question)._texts
        assert typed_question(question, from_html(QuestionForm, shown), earlier) == question
        earlier[question.code] = question


@often(60)
@given(definitions(least=2, most=10), st.data())
def test_a_question_carried_elsewhere_and_back_costs_nothing(definition: FormDefinition, data: st.DataObject) -> None:
    section = data.draw(st.sampled_from(definition.sections))
    question = data.draw(st.sampled_from(section.questions))
    place = section.questions.index(question)
    other = data.draw(st.sampled_from(definition.sections))
    away = move_question(definition, question.code, other.code, data.draw(st.integers(0, 12)))
    assert sorted(one.code for one in away.questions) == sorted(one.code for one in definition.questions)
    assert move_question(away, question.code, section.code, place) == definition
    assert len(without_question(definition, question.code).questions) == len(definition.questions) - 1
    renamed = msgspec.structs.replace(question, label="Autrement dit")
    assert with_question(with_question(definition, renamed), question) == definition
