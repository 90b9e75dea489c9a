"""The empty form on paper: printed once for a version of the form and the dates of a call, then kept in memory."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls.queries import CallAnswer, form_version
from incubator.calls.rules.reading import ReadQuestion, readable
from incubator.core.language import _, language
from incubator.core.typesetting import typeset
from incubator.core.words import date_words, instant_words, number_words

KEPT_MAX = 20
_kept: dict[tuple[UUID, UUID, int, str], bytes] = {}
_printing = asyncio.Lock()  # a hundred readers at once wait for one printing


async def empty_form(call: CallAnswer) -> bytes:
    """The form of a call to print and to write on."""
    key = (call.id, call.form, call.version, language.get())
    async with _printing:
        if key not in _kept:
            printed = await typeset("calls/form", await _facts(call))
            if len(_kept) >= KEPT_MAX:
                _kept.pop(next(iter(_kept)))
            _kept[key] = printed
        return _kept[key]


async def _facts(call: CallAnswer) -> dict[str, Any]:
    form = await form_version(call.form)
    phases = {place.code: place.name for place in call.places}
    return {
        "title": call.title,
        "at": call.published_at or call.opens_at,
        "lang": language.get(),
        "author": call.programme_name,
        "under": _("Formulaire à lire et à préparer. Il se dépose en ligne, jamais par courrier."),
        "footer": _("{code} · formulaire version {number}").format(code=call.code, number=form.number),
        "facts": _dates(call),
        "sections": [
            {
                "title": f"{number}. {section.title}",
                "introduction": section.introduction,
                "questions": [question_facts(question) for question in section.questions],
            }
            for number, section in enumerate(readable(form.definition, phases), start=1)
        ],
    }


def _dates(call: CallAnswer) -> list[tuple[str, str]]:
    places = [f"{place.name} : {number_words(place.places_count, 0)}" for place in call.places if place.places_count]
    return [
        (_("Ouverture"), _("{day}, heure de Paris").format(day=instant_words(call.opens_at))),
        (_("Clôture"), _("{day}, heure de Paris").format(day=instant_words(call.closes_at))),
        (_("Réponse aux équipes"), _("au plus tard le {day}").format(day=date_words(call.notify_on))),
        (_("Places"), " · ".join(places)),
        (_("Contact"), call.contact_email),
    ]


def question_facts(question: ReadQuestion) -> dict[str, Any]:
    """A question as the template takes it."""
    conditions = [
        _("seulement si {condition}").format(condition=question.when) if question.when else "",
        _("obligatoire si {condition}").format(condition=question.needed) if question.needed not in ("", "always") else "",
        _("obligatoire") if question.needed == "always" else "",
        question.readers,
    ]
    told = [question.how, *conditions]
    return msgspec.structs.asdict(question) | {"told": " · ".join(part for part in told if part)}
