"""What is common to second proofs: who must keep one, and who is told when they change."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction, value
from incubator.core.errors import Conflict, Invalid, NotFound
from incubator.core.ids import new_id
from incubator.core.language import N_, _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people import rules
from incubator.people.actions.sessions import end_others, shut_out
from incubator.people.queries import Person, person_by_email
from incubator.people.queries.sessions import MUST_HAVE, OpenSession

_SAID = {
    "totp_added": N_("Une application d’authentification a été ajoutée."),
    "totp_removed": N_("L’application d’authentification a été retirée."),
    "passkey_added": N_("Une clé d’accès a été ajoutée."),
    "passkey_removed": N_("Une clé d’accès a été retirée."),
    "recovery_codes_made": N_("Vos codes de secours ont été refaits : les anciens ne valent plus rien."),
    "factors_reset": N_(
        "Vos moyens de vous connecter en deux étapes et votre mot de passe ont été retirés, à votre demande."
        " Connectez-vous par un lien reçu à cette adresse, puis choisissez-en de nouveaux."
    ),
}


async def check_may_remove(account: UUID, *, required: bool) -> None:
    """Raises `Conflict` when that is the last factor of someone who must have one."""
    await execute("SELECT 1 FROM account WHERE id = $1 FOR UPDATE", account)
    passkeys = await value("SELECT count(*) FROM passkey WHERE account = $1", account)
    totps = await value("SELECT count(*) FROM totp WHERE account = $1 AND confirmed_at IS NOT NULL", account)
    must_have = required and await value(f"SELECT {MUST_HAVE.format('a')} FROM account a WHERE a.id = $1", account)  # noqa: S608
    if reason := rules.why_not_remove_factor(passkeys + totps - 1, must_have=must_have):
        raise Conflict(reason)


async def factor_changed(what: str, *, opened: OpenSession, by: Person, at: datetime) -> None:
    """Journal, end the other sessions (ASVS 7.4.3), tell by mail (ASVS 6.3.7)."""
    await end_others(by.id, opened.session, at)
    await record(f"account.{what}", by.id, by=by.id, at=at)
    await _tell(what, by, at)


async def reset_factors(email: str, *, checked_by: tuple[str, str], at: datetime) -> None:
    """Take every proof from someone who lost the second ones, once two people have checked who they are (ASVS 6.4.4).

    Run by whoever operates the service. The password goes too: whoever had stolen it would set up the new proofs. Sessions,
    tokens and links end; a new link to their mailbox is the only way in, and leads to setting up.
    Raises `NotFound` for an unknown address, `Invalid` unless the two names differ.
    """
    names = [" ".join(one.split()) for one in checked_by]
    if not all(names) or names[0].casefold() == names[1].casefold():
        raise Invalid({"checked_by": _("Deux personnes différentes vérifient l’identité.")})
    async with transaction():
        who = await person_by_email(rules.normal_email(email))
        if who is None:
            raise NotFound
        # Locks in the order of the links that change a password or an address: link, then account; a key being added waits there.
        for table, ended in (("link_token", "used_at"), ("email_change", "ended_at")):
            await execute(f"UPDATE {table} SET {ended} = $2 WHERE account = $1 AND {ended} IS NULL", who.id, at)  # noqa: S608
        await execute("UPDATE account SET password_hash = '' WHERE id = $1", who.id)
        for table in ("totp", "recovery_code", "passkey"):
            await execute(f"DELETE FROM {table} WHERE account = $1", who.id)  # noqa: S608 - our own names
        await shut_out(who.id, at)  # last: a link that was being used has opened its session by now
        reason = _("Identité vérifiée par {one} et {other}.").format(one=names[0], other=names[1])
        await record("account.factors_reset", who.id, by=None, at=at, reason=reason)
        await _tell("factors_reset", who, at, path="/sign-in")


async def _tell(what: str, by: Person, at: datetime, *, path: str = "/account/security") -> None:
    letter = write("people/letters/factor_changed.txt", by.language, name=by.name, what=_SAID[what], at=at)
    await post(letter, kind="people.factor_changed", about=new_id(), to_email=by.email, to_account=by.id, path=path, at=at)
