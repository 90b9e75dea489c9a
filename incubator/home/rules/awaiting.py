"""What awaits a person: facts of every room become sentences with one link each, most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from incubator.cohorts.rules import answer_deadline
from incubator.core.clock import local, local_date
from incubator.core.language import _
from incubator.core.words import count_words, date_words
from incubator.home.rules.calendar import ends_on, is_gate_near, milestone_due
from incubator.home.rules.facts import EnrolmentFacts, MilestoneFacts, ThreadFacts
from incubator.home.rules.kinds import COUNTED, KINDS, WITHOUT_DUE
from incubator.progress.rules.facts import GOING_ON


class Waiting(msgspec.Struct, frozen=True):
    """One thing that awaits, as a query found it.

    `at` is an instant or `on` a day that matters to this kind; `key` is a code or an id that completes the link, `label`
    what a deliverable is called.
    """

    kind: str
    name: str
    subject: UUID
    key: str
    label: str
    count: int
    at: datetime | None
    on: date | None


class Item(msgspec.Struct, frozen=True):
    """A line of « Ce qui vous attend »: what to do, where, by when. `due` is a day in France."""

    kind: str
    title: str
    what: str
    href: str
    due: date | None
    late: bool


def items_of(found: Iterable[Waiting], at: datetime) -> list[Item]:
    """Each thing in words."""
    return [_said(waiting, at) for waiting in found]


def _said(waiting: Waiting, at: datetime) -> Item:
    words = KINDS[waiting.kind]
    instant = answer_deadline(waiting.at) if waiting.kind == "place" and waiting.at else waiting.at
    day = local_date(instant) if instant else waiting.on
    filled = {
        "name": waiting.name,
        "n": count_words(waiting.count) if waiting.kind in COUNTED else waiting.count,
        "label": waiting.label,
        "day": date_words(day) if day else "",
        "hour": _hour(instant) if instant else "",
    }
    href = words.href.format(subject=waiting.subject, key=waiting.key)
    title = _(words.one if waiting.count < 2 else words.many).format(**filled)
    due = None if waiting.kind in WITHOUT_DUE else day
    late = due is not None and (instant < at if instant else due < local_date(at))
    return Item(waiting.kind, title, _(words.what).format(**filled) if words.what else "", href, due, late)


def _hour(at: datetime) -> str:
    wall = local(at)
    return f"{wall.hour}\u00a0h\u00a0{wall.minute:02d}"


def to_confirm() -> Item:
    """One's address is not confirmed yet (R1)."""
    what = _("Ouvrez le lien reçu par courriel : c’est à cette adresse que nous vous écrirons.")
    return Item("confirm", _("Confirmez votre adresse électronique"), what, "/account", None, False)


def path_items(facts: ThreadFacts, at: datetime) -> list[Item]:
    """What a path under way expects from its team, or from the coach who leads it."""
    enrolment, today = facts.current, local_date(at)
    if enrolment is None or enrolment.state not in GOING_ON:
        return []
    items = []
    if facts.is_team:
        items += _milestones(facts, enrolment, today) + _diagnosis(facts, enrolment, "holder", today)
    if facts.is_lead:
        items += _diagnosis(facts, enrolment, "coach", today)
        if is_gate_near(enrolment, today) and not enrolment.has_opinion:
            title = _("Donnez votre avis sur le passage : {name}").format(name=facts.name)
            items.append(_dated("opinion", title, f"/enrolments/{enrolment.id}/gate", ends_on(enrolment, today), today))
    return items


def _milestones(facts: ThreadFacts, enrolment: EnrolmentFacts, today: date) -> list[Item]:
    """Everything sent back or late, and the next milestone."""
    awaited = [(milestone_due(enrolment, one, today), one) for one in enrolment.milestones if one.is_awaited]
    awaited.sort(key=lambda pair: (pair[0], pair[1].name))
    pressing = [pair for pair in awaited if pair[1].state == "sent_back" or (pair[0] < today and pair[1].is_mandatory)]
    following = [pair for pair in awaited if pair not in pressing and pair[0] >= today]
    return [_milestone(facts, enrolment, one, due, today) for due, one in pressing + following[:1]]


def _diagnosis(facts: ThreadFacts, enrolment: EnrolmentFacts, side: str, today: date) -> list[Item]:
    href = f"/enrolments/{enrolment.id}/diagnosis"
    if not enrolment.has_gate:
        return []
    if enrolment is facts.enrolments[0] and enrolment.lacks(side, "entry"):
        title = _("Faites le diagnostic d’entrée : {name}").format(name=facts.name)
        what = _("Où en est le projet, de 1 à 5 sur chaque axe, vu par vous.")
        return [Item("diagnosis", title, what, href, None, False)]
    if is_gate_near(enrolment, today) and enrolment.lacks(side, "gate"):
        title = _("Faites le diagnostic de passage : {name}").format(name=facts.name)
        return [_dated("diagnosis", title, f"{href}?moment=gate", ends_on(enrolment, today), today)]
    return []


def _dated(kind: str, title: str, href: str, due: date, today: date) -> Item:
    return Item(kind, title, _("La phase s’achève ce jour-là."), href, due, due < today)


def _milestone(facts: ThreadFacts, enrolment: EnrolmentFacts, one: MilestoneFacts, due: date, today: date) -> Item:
    if one.state == "sent_back":
        title = _("Reprenez le livrable « {label} »").format(label=one.name)
    else:
        title = _("Remettez le livrable « {label} »").format(label=one.name)
    what = facts.name if one.is_mandatory else _("{name}, facultatif").format(name=facts.name)
    href = f"/enrolments/{enrolment.id}/milestones/{one.id}"
    return Item("milestone", title, what, href, due, due < today)


def most_urgent_first(items: Iterable[Item], today: date) -> list[Item]:
    """By due day, the oldest first; what has none comes after what is due today: someone is waiting."""
    return sorted(items, key=lambda item: (item.due or today, item.due is None, item.title, item.href))


def about(item: Item, name: str) -> Item:
    """The same line on the project's own page, where its name need not be said again below."""
    what = item.what.removeprefix(name).lstrip(" ,")
    return replace(item, what=what[:1].upper() + what[1:])
