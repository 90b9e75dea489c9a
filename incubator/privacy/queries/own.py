"""All that is kept about oneself, part by part (R56): for reading and for taking away. No juror's name, nobody else's address."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.core.database import column, rows
from incubator.core.language import N_, _
from incubator.people.queries import Person

ROWS_MAX = 2000

# The projects one is of, now: what the team wrote together is each member's.
_MINE = "(SELECT m.project FROM team_member m WHERE m.account = $1 AND m.left_at IS NULL)"
_MY_FILES = f"(SELECT a.id FROM application a WHERE a.project IN {_MINE})"
_DECIDED = "EXISTS (SELECT FROM publication b WHERE b.committee = o.committee)"


def sent_to_me(instant: str, address: str = "email") -> str:
    """SQL: this row (`t`) came to an address of mine ($2), at this instant; not to whoever had it before me ($1) and left it."""
    return (
        f"t.{address} = ANY($2) AND NOT EXISTS (SELECT FROM email_change c WHERE c.old_email = t.{address} AND c.account <> $1"
        f" AND c.old_pressed_at IS NOT NULL AND c.new_pressed_at IS NOT NULL AND c.ended_at >= t.{instant})"
    )


# A letter says whose it is; one to a claim of an address (R1) came to its owner.
LETTER_TO_ME = (
    f"t.to_account = $1 OR ({sent_to_me('created_at', 'to_email')}"
    " AND NOT EXISTS (SELECT FROM account o WHERE o.id = t.to_account AND o.id <> $1 AND NOT o.is_claim))"
)


class _Kept(msgspec.Struct, frozen=True):
    """A table, the columns given of it, and which rows are this person's ($1: account, $2: addresses)."""

    title: str
    table: str
    columns: str
    where: str


PARTS: tuple[_Kept, ...] = (
    _Kept(N_("Compte"), "account", "email, name, language, created_at, confirmed_at, limited_at", "t.id = $1"),
    _Kept(N_("Connexions"), "session", "agent, factors_count, created_at, seen_at, expires_at, ended_at", "t.account = $1"),
    _Kept(N_("Liens envoyés"), "link_token", "purpose, email, created_at, expires_at, used_at", "t.account = $1"),
    _Kept(N_("Jetons d’accès"), "api_token", "name, created_at, last_used_at, revoked_at", "t.account = $1"),
    _Kept(N_("Clés d’accès"), "passkey", "name, created_at, last_used_at", "t.account = $1"),
    _Kept(N_("Application de codes"), "totp", "created_at, confirmed_at", "t.account = $1"),
    _Kept(N_("Appareils connus"), "known_device", "created_at, seen_at", "t.account = $1"),
    _Kept(N_("Changements d’adresse"), "email_change", "old_email, new_email, asked_at, ended_at", "t.account = $1"),
    _Kept(N_("Rôles proposés"), "role_invitation", "email, name, role, created_at, expires_at, accepted_at",
          sent_to_me("created_at")),
    _Kept(N_("Équipes où l’on vous invite"), "team_invitation", "email, name, role, invited_at, expires_at, accepted_at",
          sent_to_me("invited_at")),
    _Kept(N_("Rôles"), "role_assignment", "role, created_at", "t.account = $1"),
    _Kept(N_("Équipes"), "team_member", "project, role, name, email, skills, availability, joined_at, left_at", "t.account = $1"),
    _Kept(N_("Projets"), "project", "id, name, summary, commune, epci, created_at", f"t.id IN {_MINE}"),
    _Kept(
        N_("Candidatures"), "application", "id, project, state, started_at, deposited_at, filed_name, filed_commune",
        f"t.id IN {_MY_FILES}",
    ),
    _Kept(N_("Réponses"), "answer", "application, question, value, written_at", f"t.application IN {_MY_FILES}"),
    _Kept(
        N_("Versions précédentes des réponses que vous avez écrites"), "answer_revision",
        "application, question, version, value, written_at", "t.written_by = $1",
    ),
    _Kept(
        N_("Dépôts"), "deposit", "application, number, received_at, content, content_hash", f"t.application IN {_MY_FILES}"
    ),
    _Kept(
        N_("Pièces"), "document", "about, place, name, size, sha256, state, reason, remark, uploaded_at, removed_at",
        f"t.about IN {_MY_FILES} OR t.uploaded_by = $1",
    ),
    _Kept(N_("Confirmations"), "confirmation", "application, confirmed_at", "t.account = $1"),
    _Kept(N_("Présence dans les dossiers"), "presence", "application, section, question, seen_at", "t.account = $1"),
    _Kept(N_("Questions posées au programme"), "inquiry", "id, application, section, asked_at, closed_at",
          f"t.application IN {_MY_FILES}"),
    _Kept(N_("Échanges avec le programme"), "inquiry_message", "inquiry, is_staff, text, written_at",
          f"t.author = $1 OR t.inquiry IN (SELECT i.id FROM inquiry i WHERE i.application IN {_MY_FILES})"),
    _Kept(N_("Recevabilité"), "ruling", "application, outcome, reason, checks, pronounced_at", f"t.application IN {_MY_FILES}"),
    _Kept(
        N_("Compléments demandés"), "complement_request",
        "application, questions, sentences, message, asked_at, due_at, answered_at", f"t.application IN {_MY_FILES}",
    ),
    _Kept(N_("Dérogations"), "derogation", "application, reason, until_at, given_at", f"t.application IN {_MY_FILES}"),
    _Kept(
        N_("Décisions publiées"), "decision", "outcome, waiting_rank, conditions, orientation, decided_at",
        f"t.presentation IN (SELECT o.id FROM presentation o WHERE o.application IN {_MY_FILES} AND {_DECIDED})",
    ),
    _Kept(
        N_("Motifs des décisions publiées"), "decision_reason", "is_strength, text",
        "t.decision IN (SELECT d.id FROM decision d JOIN presentation o ON o.id = d.presentation"
        f" WHERE o.application IN {_MY_FILES} AND {_DECIDED})",
    ),
    _Kept(N_("Places"), "place", "project, state, offered_at, answer_by, answered_at", f"t.project IN {_MINE}"),
    _Kept(
        N_("Conventions"), "agreement", "text, drawn_up_at, project_signed_at, programme_signed_at",
        f"t.place IN (SELECT p.id FROM place p WHERE p.project IN {_MINE})",
    ),
    _Kept(N_("Parcours"), "enrolment", "id, project, state, starts_on, ended_on, end_reason", f"t.project IN {_MINE}"),
    _Kept(
        N_("Suspensions"), "suspension", "from_on, until_on, reason",
        f"t.enrolment IN (SELECT e.id FROM enrolment e WHERE e.project IN {_MINE})",
    ),
    _Kept(
        N_("Séances d’accompagnement"), "support_session",
        "project, held_on, duration_minutes, kind, participants, done, decided, next_steps, next_on, no_next_reason",
        f"t.project IN {_MINE}",
    ),
    _Kept(
        N_("Corrections des comptes rendus"), "session_correction", "session, before, reason, corrected_at",
        f"t.session IN (SELECT s.id FROM support_session s WHERE s.project IN {_MINE})",
    ),
    _Kept(
        N_("Livrables"), "deliverable", "state, content, link, submitted_at, review, waiver_reason",
        f"t.enrolment IN (SELECT e.id FROM enrolment e WHERE e.project IN {_MINE})",
    ),
    _Kept(
        N_("Diagnostics"), "diagnosis", "side, moment, levels, made_at",
        f"t.enrolment IN (SELECT e.id FROM enrolment e WHERE e.project IN {_MINE})",
    ),
    _Kept(
        N_("Étapes décidées"), "gate_review", "outcome, prolonged_months, reason, decided_at",
        f"t.enrolment IN (SELECT e.id FROM enrolment e WHERE e.project IN {_MINE})",
    ),
    _Kept(N_("Projets que vous accompagnez"), "coach_assignment", "project, is_lead, from_on, until_on, planned_days",
          "t.coach = $1"),
    _Kept(N_("Vos notes privées d’accompagnement"), "private_note", "session, text, written_at", "t.author = $1"),
    _Kept(N_("Vos avis d’accompagnement"), "coach_opinion", "enrolment, is_favourable, text, given_at", "t.given_by = $1"),
    _Kept(N_("Sièges en comité"), "seat", "committee, college, is_voting, given_at, ended_at", "t.account = $1"),
    _Kept(N_("Vos engagements de confidentialité"), "undertaking", "seat, signed_at, text_hash",
          "t.seat IN (SELECT s.id FROM seat s WHERE s.account = $1)"),
    _Kept(
        N_("Vos déclarations d’intérêt"), "declaration", "has_interest, reason, declared_at",
        "t.seat IN (SELECT s.id FROM seat s WHERE s.account = $1)",
    ),
    _Kept(
        N_("Vos appréciations"), "assessment", "presentation, state, comment, total, handed_in_at",
        "t.seat IN (SELECT s.id FROM seat s WHERE s.account = $1)",
    ),
    _Kept(
        N_("Vos notes"), "score", "assessment, value, is_nsp, comment",
        "t.assessment IN (SELECT x.id FROM assessment x JOIN seat s ON s.id = x.seat WHERE s.account = $1)",
    ),
    _Kept(N_("Courriels reçus"), "letter", "to_email, subject, text, created_at, sent_at",
          f"({LETTER_TO_ME}) AND (t.kind <> 'people.confirm' OR t.to_email = ANY($2))"),
    _Kept(N_("Réunions d’information"), "registration", "name, email, people_count, language, registered_at, cancelled_at,"
          " has_come", sent_to_me("registered_at")),
    _Kept(N_("Abonnements"), "subscription", "email, language, asked_at, confirmed_at, ended_at", sent_to_me("asked_at")),
    _Kept(N_("Autodiagnostics gardés"), "self_test_result", "email, answers, consented_at, forget_after",
          sent_to_me("consented_at")),
    _Kept(N_("Demandes sur vos données"), "data_request", "kind, text, asked_at, due_on, state, answer, answered_at",
          "t.account = $1"),
    _Kept(N_("Vos actes dans le journal"), "journal_entry", "number, verb, at", 't."by" = $1'),
)  # fmt: skip


class Part(msgspec.Struct, frozen=True):
    """A kind of data: `records` are objects of the same keys; `is_cut`: only the first are here."""

    title: str
    table: str
    records: list[dict[str, Any]]
    is_cut: bool


class OwnData(msgspec.Struct, frozen=True):
    """Everything kept about a person at an instant."""

    person: str
    email: str
    made_at: datetime
    parts: list[Part]


class _Record(msgspec.Struct, frozen=True):
    record: dict[str, Any]


class _Asked(msgspec.Struct, frozen=True):
    application: UUID
    code: str
    label: str


async def own_data(me: Person, *, at: datetime) -> OwnData:
    """All that is kept about me; parts without anything are left out.

    What goes with an address is given to who has proven it (R1): not to whoever claims it, nor the letter that says whose it is.
    """
    addresses = await addresses_of(me.id) if me.is_confirmed else []
    parts = []
    for kept in PARTS:
        found = await rows(
            _Record,
            f'SELECT to_jsonb(r)::text FROM (SELECT {kept.columns} FROM "{kept.table}" t WHERE ({kept.where})'
            " AND ($1::uuid IS NOT NULL OR $2::text[] IS NOT NULL) ORDER BY 1 LIMIT $3) r",
            me.id, addresses, ROWS_MAX + 1,
        )  # fmt: skip
        if found:
            records = [one.record for one in found[:ROWS_MAX]]
            parts.append(Part(_(kept.title), kept.table, records, len(found) > ROWS_MAX))
    return OwnData(me.name, me.email, at, parts)


async def questions_asked(me: Person) -> dict[str, str]:
    """What each question of the files I am given said, by "file code": an answer is read under its question."""
    found = await rows(
        _Asked,
        "SELECT a.id, q ->> 'code', q ->> 'label' FROM application a JOIN form_version f ON f.id = a.form,"
        " LATERAL jsonb_path_query(f.definition, '$.sections[*].questions[*]') q"
        f" WHERE a.id IN {_MY_FILES} OR a.id IN (SELECT v.application FROM answer_revision v WHERE v.written_by = $1)"
        " ORDER BY a.id LIMIT 5000",
        me.id,
    )  # fmt: skip
    return {f"{one.application} {one.code}": one.label for one in found}


async def addresses_of(account: UUID) -> list[str]:
    """The address of an account, and those it left for another that were nobody else's since; none for who only claims one (R1).

    What was sent to a claimed address is its owner's.
    """
    return await column(
        "SELECT a.email FROM account a WHERE a.id = $1 AND NOT a.is_claim UNION SELECT c.old_email FROM email_change c"
        " WHERE c.account = $1 AND c.old_pressed_at IS NOT NULL AND c.new_pressed_at IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM account o WHERE o.email = c.old_email AND NOT o.is_claim AND o.id <> $1)"
        " AND NOT EXISTS (SELECT FROM email_change o WHERE o.old_email = c.old_email AND o.account <> $1"
        " AND o.old_pressed_at IS NOT NULL AND o.new_pressed_at IS NOT NULL) ORDER BY 1",
        account,
    )
