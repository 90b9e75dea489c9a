"""Information meetings for tests, made by the real acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from incubator.calls.actions.faq import add_faq_entry
from incubator.calls.actions.prospects import ask_subscription, keep_self_test
from incubator.calls.public_forms import CallBackForm, FaqForm
from incubator.calls.queries import CallView
from incubator.core.database import value
from incubator.core.tickets import ticket
from incubator.events.actions import create_meeting, register
from incubator.events.forms import NewMeetingForm, RegistrationForm
from incubator.events.letters import PURPOSE
from incubator.events.queries import MeetingView, meeting, registration_of
from incubator.people.queries import Person
from tests.world.people import a_coach

KEY = "a secret that only tests know, 32+ characters"


def meeting_form(starts_at: datetime, **changed: Any) -> NewMeetingForm:
    """A meeting that may be announced, but for what is changed."""
    facts: dict[str, Any] = {
        "title": "Réunion d’information",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "seats": 30,
        "place_name": "MRESS",
        "address": "12 rue des Essais",
    }
    return NewMeetingForm(**(facts | changed))


async def a_meeting(
    call: CallView, *, starts_at: datetime, at: datetime, by: Person | None = None, **changed: Any
) -> MeetingView:
    """A meeting about a call."""
    organiser = by or await a_coach(call.programme)
    return await meeting(await create_meeting(call.code, meeting_form(starts_at, **changed), by=organiser, at=at))


async def comes(to: MeetingView, email: str, *, at: datetime, name: str = "Camille Martin", people_count: int = 1) -> str:
    """Someone registers; the id of their registration as text."""
    form = RegistrationForm(name=name, email=email, people_count=people_count)
    await register(to.id, form, language="fr", address=email, key=KEY, at=at)
    found = await registration_of(to.id, email)
    assert found
    return str(found.id)


async def around(call: CallView, manager: Person, *, at: datetime) -> dict[str, Any]:
    """A meeting someone comes to, a question, someone to call back, a subscription: what their routes name."""
    held = await a_meeting(call, starts_at=at + timedelta(days=3), at=at, by=manager)
    comer = UUID(await comes(held, "visiteur@exemple.fr", at=at))
    await keep_self_test(call.code, CallBackForm(email="rappel@exemple.fr", consent=True), by=None, address="x", at=at)
    await ask_subscription(call.programme_code, "abonne@exemple.fr", language="fr", address="x", key=KEY, at=at)
    path = await value("SELECT path FROM letter WHERE kind = 'calls.subscription'")
    entry = FaqForm(question="Faut-il être deux ?", answer="Non.")
    return {
        "meeting_id": held.id,
        "faq/entry_id": await add_faq_entry(call.code, entry, by=manager, at=at),
        "result_id": await value("SELECT id FROM self_test_result"),
        "registrations/given": ticket(KEY, PURPOSE, comer),
        "subscriptions/given": path.rsplit("/", 1)[1],
    }
