"""What a call needs before everybody sees it: one line a thing, ready, missing or to be thought over. No database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

import msgspec

from incubator.calls.definitions import FormDefinition, GridDefinition
from incubator.calls.rules.forms import why_not_form, why_not_phases
from incubator.calls.rules.grids import why_not_criteria, why_not_grid
from incubator.calls.rules.lifecycle import MOVES, CallFacts, state_of
from incubator.core.clock import local_date
from incubator.core.language import _, ngettext
from incubator.core.words import date_words, instant_words


class Standing(StrEnum):
    """Whether a thing is there. Only what is missing keeps a call from being published."""

    READY = "ready"
    MISSING = "missing"
    WARNING = "warning"


class Check(msgspec.Struct, frozen=True):
    """A line of the checklist: what it is `about`, and a sentence."""

    about: str
    standing: Standing
    words: str


class Publishing(msgspec.Struct, frozen=True):
    """What is looked at before a call is published. `newer_*`: a later version was published; `faq_count`: what all may read.

    `entry_phases_count`: the phases of the plan with at least one place.
    """

    facts: CallFacts
    title: str
    introduction: str
    form: FormDefinition
    form_number: int
    grid: GridDefinition
    grid_number: int
    newer_form: int | None
    newer_grid: int | None
    faq_count: int
    entry_phases_count: int
    departement_names: tuple[str, ...]


def why_not_publish(publishing: Publishing, at: datetime) -> str | None:
    """What is missing first, or None."""
    if state_of(publishing.facts, at) not in MOVES["publish"][0]:
        return _("Cet appel est déjà publié.")
    return next((check.words for check in checklist(publishing, at) if check.standing is Standing.MISSING), None)


def checklist(publishing: Publishing, at: datetime) -> tuple[Check, ...]:
    """Every line, in the order one fills them in."""
    return (
        *_texts(publishing),
        *_dates(publishing.facts, at),
        _places(publishing.facts),
        _departements(publishing),
        _form(publishing),
        _grid(publishing),
        _criteria(publishing),
        _eligibility(publishing.form),
        _self_test(publishing.form),
        _faq(publishing.faq_count),
    )


def _texts(publishing: Publishing) -> Iterator[Check]:
    if publishing.title:
        yield Check("title", Standing.READY, publishing.title)
    else:
        yield Check("title", Standing.MISSING, _("L’appel n’a pas de titre."))
    if publishing.introduction:
        yield Check("introduction", Standing.READY, _("Elle ouvre la page publique de l’appel."))
    else:
        words = _("La présentation est vide. Dites ce que vous cherchez cette fois, et qui répond aux questions.")
        yield Check("introduction", Standing.MISSING, words)


def _dates(facts: CallFacts, at: datetime) -> Iterator[Check]:
    dates = _("Du {opening} au {closing}, heure de Paris.").format(
        opening=instant_words(facts.opens_at), closing=instant_words(facts.closes_at)
    )
    if facts.closes_at <= facts.opens_at:
        yield Check("dates", Standing.MISSING, _("La clôture doit venir après l’ouverture."))
    elif facts.published_at is not None:
        yield Check("dates", Standing.READY, dates)
    elif facts.closes_at <= at:
        yield Check("dates", Standing.MISSING, _("La clôture est passée. Choisissez une date à venir."))
    elif facts.opens_at <= at:
        words = _("L’ouverture est passée : l’appel ouvrira dès que vous le publierez.")
        yield Check("dates", Standing.WARNING, f"{words} {dates}")
    else:
        yield Check("dates", Standing.READY, dates)
    if facts.notify_on < local_date(facts.closes_at):
        yield Check("notify_on", Standing.MISSING, _("La date de réponse aux équipes est avant la clôture."))
    else:
        yield Check("notify_on", Standing.READY, _("Au plus tard le {day}.").format(day=date_words(facts.notify_on)))


def _places(facts: CallFacts) -> Check:
    if facts.places_count < 1:
        words = _("Il n’y a aucune place. Donnez au moins une place dans une phase d’entrée.")
        return Check("places", Standing.MISSING, words)
    words = ngettext("{n} place en tout.", "{n} places en tout.", facts.places_count).format(n=facts.places_count)
    return Check("places", Standing.READY, words)


def _departements(publishing: Publishing) -> Check:
    if not publishing.facts.departements:
        words = _("Aucun département n’est choisi. Dites où les projets doivent s’implanter.")
        return Check("departements", Standing.MISSING, words)
    return Check("departements", Standing.READY, ", ".join(publishing.departement_names))


def _form(publishing: Publishing) -> Check:
    if reason := why_not_form(publishing.form) or why_not_phases(publishing.form, publishing.entry_phases_count):
        return Check("form", Standing.MISSING, reason)
    return _version("form", publishing.form.title, publishing.form_number, publishing.newer_form)


def _grid(publishing: Publishing) -> Check:
    if reason := why_not_grid(publishing.grid):
        return Check("grid", Standing.MISSING, reason)
    return _version("grid", publishing.grid.title, publishing.grid_number, publishing.newer_grid)


def _version(about: str, title: str, number: int, newer: int | None) -> Check:
    words = _("{title}, version {number}.").format(title=title, number=number)
    if newer is None:
        return Check(about, Standing.READY, words)
    later = _("La version {number} a été publiée depuis.").format(number=newer)
    return Check(about, Standing.WARNING, f"{words} {later}")


def _criteria(publishing: Publishing) -> Check:
    if reason := why_not_criteria(publishing.form, publishing.grid):
        return Check("criteria", Standing.MISSING, reason)
    cited = {code for question in publishing.form.questions for code in question.criteria}
    alone = [criterion.code for criterion in publishing.grid.criteria if criterion.code not in cited]
    if alone:
        words = ngettext(
            "Aucune question n’éclaire le critère {codes}.", "Aucune question n’éclaire les critères {codes}.", len(alone)
        )
        return Check("criteria", Standing.WARNING, words.format(codes=", ".join(alone)))
    return Check("criteria", Standing.READY, _("Chaque critère est éclairé par au moins une question."))


def _eligibility(form: FormDefinition) -> Check:
    count = len(form.eligibility)
    if not count:
        return Check("eligibility", Standing.WARNING, _("Le formulaire n’a aucune règle de recevabilité."))
    return Check("eligibility", Standing.READY, ngettext("{n} règle.", "{n} règles.", count).format(n=count))


def _self_test(form: FormDefinition) -> Check:
    count = len(form.self_test)
    if not count:
        words = _("Il n’y a pas d’autodiagnostic : on ne saura si l’on est concerné qu’en lisant tout.")
        return Check("self_test", Standing.WARNING, words)
    return Check("self_test", Standing.READY, ngettext("{n} question.", "{n} questions.", count).format(n=count))


def _faq(count: int) -> Check:
    if not count:
        words = _("Aucune réponse n’est prête aux questions fréquentes. Vous pourrez en ajouter à tout moment.")
        return Check("faq", Standing.WARNING, words)
    return Check("faq", Standing.READY, ngettext("{n} réponse publiée.", "{n} réponses publiées.", count).format(n=count))
