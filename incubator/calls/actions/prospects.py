"""Those who are not candidates yet: called back after the self-test, told when the next call opens."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from incubator.calls.public_forms import CallBackForm
from incubator.calls.queries import CallView, call, form_of, visible_call
from incubator.calls.queries.prospects import SubscriptionView, subscribers, subscription, subscription_of
from incubator.calls.tables import Subscription
from incubator.core.clock import add_months, local_date
from incubator.core.database import column, execute, row, transaction
from incubator.core.errors import Conflict, Invalid, NotFound
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.core.tickets import subject_of, ticket
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people.actions import spend_try
from incubator.people.queries import Person
from incubator.people.rules import MAILS_AN_ADDRESS, normal_email
from incubator.programmes.queries import programme_by_code

KEPT_MONTHS = 3
CONFIRM_WITHIN = timedelta(days=7)
JOIN, LEAVE = "subscribe", "unsubscribe"


async def keep_self_test(code: str, form: CallBackForm, *, by: Person | None, address: str, at: datetime) -> None:
    """Keep what someone answered, because they ask to be called back. Raises `Invalid` without their consent.

    The same answers again ask again; others stand beside the first, which who only typed the address cannot replace.
    """
    await spend_try(f"self-test from {address}", MAILS_AN_ADDRESS, at=at)
    async with transaction():
        view = await visible_call(by, code, at=at)
        email = normal_email(form.email)
        if not form.consent:
            raise Invalid({"consent": _("Cochez cette case pour que nous puissions garder vos réponses et vous rappeler.")})
        asked = [question.code for question in (await form_of(view.form)).self_test]
        answers = {name: form.answers[name] for name in asked if form.answers.get(name) in ("yes", "no")}
        forget_after = add_months(local_date(max(view.closes_at, at)), KEPT_MONTHS)
        await execute(
            "INSERT INTO self_test_result (id, call, email, answers, consented_at, forget_after) VALUES ($1, $2, $3, $4, $5, $6)"
            " ON CONFLICT (call, email, answers) DO UPDATE SET consented_at = EXCLUDED.consented_at,"
            " forget_after = EXCLUDED.forget_after, called_back_at = NULL, called_back_by = NULL",
            new_id(), view.id, email, msgspec.json.encode(answers).decode(), at, forget_after,
        )  # fmt: skip


class _Waiting(msgspec.Struct, frozen=True):
    call: UUID


async def mark_called_back(result: UUID, *, by: Person, at: datetime) -> str:
    """Say that someone of the team called back; the code of the call. Raises `NotFound` for a call of another programme."""
    async with transaction():
        found = await row(_Waiting, "SELECT call FROM self_test_result WHERE id = $1 FOR UPDATE", result)
        view = await call(found.call) if found else None
        if view is None or not by.works_for(view.programme):
            raise NotFound
        await execute(
            "UPDATE self_test_result SET called_back_at = $2, called_back_by = $3 WHERE id = $1 AND called_back_at IS NULL",
            result, at, by.id,
        )  # fmt: skip
        await record("self_test.called_back", result, by=by.id, at=at, data={"call": str(view.id)})
        return view.code


async def ask_subscription(programme_code: str, email: str, *, language: str, address: str, key: str, at: datetime) -> None:
    """Send a link that confirms; whether the address is known is never told."""
    email = normal_email(email)
    await spend_try(f"mails from {address}", MAILS_AN_ADDRESS, at=at)
    await spend_try(f"subscription mails to {email}", 3, at=at)
    async with transaction():
        programme = await programme_by_code(programme_code)
        await Subscription.insert(Subscription(programme=programme.id, email=email, language=language, asked_at=at)).on_conflict(
            action="DO NOTHING"
        )
        known = await subscription_of(programme.id, email)
        assert known
        if known.confirmed_at is not None and known.ended_at is None:
            return
        await execute(
            "UPDATE subscription SET asked_at = $2, language = $3, confirmed_at = NULL, ended_at = NULL WHERE id = $1",
            known.id, at, language,
        )  # fmt: skip
        until = at + CONFIRM_WITHIN
        letter = write("calls/letters/subscription.txt", language, programme=known.programme_name, until=until)
        path = f"/subscriptions/{ticket(key, _joining(at), known.id)}"
        await post(letter, kind="calls.subscription", about=new_id(), to_email=email, path=path, at=at, stale_after=until)


def _joining(asked_at: datetime) -> str:
    """A link confirms the demand it was sent for, and no later one."""
    return f"{JOIN} {int(asked_at.timestamp() * 1000)}"


async def subscription_to_confirm(given: str, *, key: str, at: datetime, lock: bool = False) -> SubscriptionView:
    """The subscription a link confirms. Raises `Conflict` when it is too old, ended or no link of ours."""
    found = await _named(given, lock)
    is_ours = found is not None and subject_of(key, _joining(found.asked_at), given) == found.id
    if found is None or not is_ours or found.ended_at is not None or at > found.asked_at + CONFIRM_WITHIN:
        raise Conflict(_("Ce lien n’est plus valable. Redonnez votre adresse sur la page de l’appel."))
    return found


async def _named(given: str, lock: bool) -> SubscriptionView | None:
    try:
        return await subscription(UUID(hex=given[:32]), lock=lock)
    except ValueError:
        return None


async def confirm_subscription(given: str, *, key: str, at: datetime) -> SubscriptionView:
    """The owner of an address wants our letters; confirming twice is confirming once."""
    async with transaction():
        found = await subscription_to_confirm(given, key=key, at=at, lock=True)
        if found.confirmed_at is None:
            await execute("UPDATE subscription SET confirmed_at = $2 WHERE id = $1", found.id, at)
            await record("subscription.confirmed", found.id, by=None, at=at)
        return found


async def subscription_to_end(given: str, *, key: str) -> SubscriptionView:
    """The subscription a link ends. Raises `NotFound` for no link of ours."""
    subject = subject_of(key, LEAVE, given)
    found = await subscription(subject) if subject else None
    if found is None:
        raise NotFound
    return found


async def end_subscription(given: str, *, key: str, at: datetime) -> SubscriptionView:
    """No letter any more; ending twice is ending once (RFC 8058: a mail program may do it for its reader)."""
    async with transaction():
        found = await subscription_to_end(given, key=key)
        ended = await execute("UPDATE subscription SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", found.id, at)
        if ended:
            await record("subscription.ended", found.id, by=None, at=at)
        return found


async def announce_openings(*, key: str, at: datetime) -> int:
    """Write once to the subscribers of each programme whose call has opened; how many calls. A second worker finds nothing."""
    due = await column(
        "SELECT c.id FROM call c WHERE c.published_at <= $1 AND c.opens_at <= $1 AND c.closes_at > $1"
        " AND NOT EXISTS (SELECT FROM announcement a WHERE a.call = c.id) ORDER BY c.opens_at, c.id LIMIT 20",
        at,
    )
    for call_id in due:
        async with transaction():
            await _announce(await call(call_id), key, at)
    return len(due)


async def _announce(view: CallView, key: str, at: datetime) -> None:
    claimed = await execute(
        "INSERT INTO announcement (id, call, told_at, letters_count) VALUES ($1, $2, $3, 0) ON CONFLICT (call) DO NOTHING",
        new_id(), view.id, at,
    )  # fmt: skip
    if not claimed:
        return
    told = await subscribers(view.programme)
    for one in told:
        letter = write("calls/letters/opening.txt", one.language, call=view, programme=view.programme_name)
        await post(
            letter, kind="calls.opening", about=view.id, to_email=one.email, path=f"/calls/{view.code}", at=at,
            stale_after=view.closes_at, unsubscribe_path=f"/subscriptions/{ticket(key, LEAVE, one.id)}/end",
        )  # fmt: skip
    await execute("UPDATE announcement SET letters_count = $2 WHERE call = $1", view.id, len(told))
    await record("call.announced", view.id, by=None, at=at, data={"letters": len(told)})
