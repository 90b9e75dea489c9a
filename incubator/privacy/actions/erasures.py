"""The statements that erase or anonymise, in one place, for an auditor to read. `$1` is the thing."""

from __future__ import annotations

from uuid import UUID

from incubator.privacy.queries.own import LETTER_TO_ME, sent_to_me

NOBODY = UUID("00000000-0000-7000-8000-000000000000")
ERASED = "(effacé)"


def blank(table: str, *columns: str, where: str) -> str:
    """A statement that erases the words of these columns."""
    sets = ", ".join(f"{name} = CASE WHEN {name} = '' THEN '' ELSE '{ERASED}' END" for name in columns)
    return f"UPDATE {table} t SET {sets} WHERE {where}"


_OF_APPLICATION = "t.application = $1"
_PRESENTED = "t.presentation IN (SELECT id FROM presentation WHERE application = $1)"
LETTERS_GONE = "DELETE FROM letter WHERE about = ANY($1) OR path LIKE ANY($2)"

# Copies of mails that lead elsewhere and are about a project by its name alone: $1. A name may be any word of any letter, so
# only those that rooms with projects wrote since it began, with the name as their subject, to its people or its programme's.
NAMED_LETTERS_GONE = (
    "DELETE FROM letter l USING project p WHERE p.id = $1 AND char_length(p.name) > 3 AND l.created_at >= p.created_at"
    " AND position(p.name IN l.subject) > 0 AND l.path !~ '^/(applications|projects)/'"
    " AND l.kind ~ '^(applications|projects|coaching|cohorts|progress|selection)[.]' AND l.to_email IN"
    " (SELECT m.email FROM team_member m WHERE m.project = p.id"
    " UNION SELECT i.email FROM team_invitation i WHERE i.project = p.id"
    " UNION SELECT a.email FROM account a WHERE a.id IN (SELECT m.account FROM team_member m WHERE m.project = p.id"
    " UNION SELECT r.account FROM role_assignment r WHERE r.programme = p.programme))"
)

# $1: the application
DRAFT_GONE = (
    "DELETE FROM presence t WHERE t.application = $1",
    "DELETE FROM answer_revision t WHERE t.application = $1",
    "DELETE FROM answer t WHERE t.application = $1",
    "DELETE FROM inquiry_message t USING inquiry i WHERE i.id = t.inquiry AND i.application = $1",
    "DELETE FROM inquiry t WHERE t.application = $1",
    "DELETE FROM confirmation t WHERE t.application = $1",
    "DELETE FROM derogation t WHERE t.application = $1",
)
APPLICATION_EMPTIED = (
    "DELETE FROM presence t WHERE t.application = $1",
    "DELETE FROM answer_revision t WHERE t.application = $1",
    "DELETE FROM inquiry_message t USING inquiry i WHERE i.id = t.inquiry AND i.application = $1",
    "DELETE FROM inquiry t WHERE t.application = $1",
    "DELETE FROM confirmation t WHERE t.application = $1",
    blank("derogation", "reason", where=_OF_APPLICATION),
    blank("ruling", "reason", where=_OF_APPLICATION),
    "UPDATE ruling t SET checks = '[]' WHERE t.application = $1",
    blank("complement_request", "message", where=_OF_APPLICATION),
    "UPDATE complement_request t SET sentences = '{}' WHERE t.application = $1",
    blank("decision", "conditions", "orientation", "no_quorum_reason", where=_PRESENTED),
    blank("decision_reason", "text", where="t.decision IN (SELECT d.id FROM decision d JOIN presentation p"
           " ON p.id = d.presentation WHERE p.application = $1)"),
    blank("assessment", "comment", where=_PRESENTED),
    blank("score", "comment", where="t.assessment IN (SELECT a.id FROM assessment a JOIN presentation p"
           " ON p.id = a.presentation WHERE p.application = $1)"),
    blank("declaration", "reason", where=_PRESENTED),
)  # fmt: skip
_OF_PROJECT = "t.project = $1"
OF_PATH = "t.enrolment IN (SELECT id FROM enrolment WHERE project = $1)"
_OF_SESSIONS = "t.session IN (SELECT id FROM support_session WHERE project = $1)"
NOTES_GONE = ("DELETE FROM private_note t WHERE " + _OF_SESSIONS,)
PATH_EMPTIED = (
    *NOTES_GONE,
    "DELETE FROM session_correction t WHERE " + _OF_SESSIONS,
    blank("support_session", "participants", "done", "decided", "next_steps", "no_next_reason", where=_OF_PROJECT),
    blank("deliverable", "content", "link", "review", "waiver_reason", where=OF_PATH),
    blank("coach_opinion", "text", where=OF_PATH),
    blank("gate_review", "reason", where=OF_PATH),
    blank("suspension", "reason", where=OF_PATH),
    blank("enrolment", "end_reason", where=_OF_PROJECT),
    blank("agreement", "text", where="t.place IN (SELECT id FROM place WHERE project = $1)"),
)

# $1: the project, $2: the name as a pattern, $3: what stands there instead, $4: the name. Who was there is a line of names; where
# a coach of the project bears the same, it may be theirs.
_NO_COACH = (
    " AND NOT EXISTS (SELECT FROM coach_assignment c JOIN account a ON a.id = c.coach WHERE c.project = $1"
    " AND lower(a.name) = lower($4))"
)
NAME_GONE = (
    "UPDATE support_session t SET participants = regexp_replace(t.participants, $2, $3, 'g')"
    " WHERE t.participants ~ $2 AND " + _OF_PROJECT + _NO_COACH,
    "UPDATE session_correction t SET before = jsonb_set(t.before, '{participants}', to_jsonb(regexp_replace("
    "t.before ->> 'participants', $2, $3, 'g'))) WHERE t.before ->> 'participants' ~ $2 AND " + _OF_SESSIONS + _NO_COACH,
)

# $1: the account, $2: its addresses. Each takes both, so that one list says everything.
PERSON_GONE = (
    "DELETE FROM session WHERE account = $1 AND $2::text[] IS NOT NULL",
    "DELETE FROM link_token WHERE account = $1 OR email = ANY($2)",
    "DELETE FROM api_token WHERE account = $1 AND $2::text[] IS NOT NULL",
    *(
        f"DELETE FROM {table} WHERE account = $1 AND $2::text[] IS NOT NULL"
        for table in ("passkey", "totp", "recovery_code", "known_device", "email_change")
    ),
    "DELETE FROM link_request WHERE email = ANY($2) AND $1::uuid IS NOT NULL",
    f"DELETE FROM role_invitation t WHERE {sent_to_me('created_at')}",
    f"DELETE FROM team_invitation t WHERE ({sent_to_me('invited_at')}) OR t.accepted_by = $1",
    f"DELETE FROM letter t WHERE {LETTER_TO_ME}",
    "DELETE FROM throttle t USING unnest($2::text[]) AS e (mail) WHERE right(t.bucket, length(e.mail) + 1) = ' ' || e.mail"
    " AND $1::uuid IS NOT NULL",
    "DELETE FROM once WHERE owner = $1::uuid::text AND $2::text[] IS NOT NULL",
    "DELETE FROM presence WHERE account = $1 AND $2::text[] IS NOT NULL",
    "DELETE FROM private_note WHERE author = $1 AND $2::text[] IS NOT NULL",
    f"DELETE FROM subscription t WHERE {sent_to_me('asked_at')}",
    f"DELETE FROM self_test_result t WHERE {sent_to_me('consented_at')}",
    f"UPDATE registration t SET name = '(effacé)', email = t.id || '@effacee.invalid' WHERE {sent_to_me('registered_at')}",
    "UPDATE team_member SET name = '(effacé)', email = '', skills = '', availability = NULL WHERE account IS NULL"
    " AND email = ANY($2) AND $1::uuid IS NOT NULL",
    "UPDATE declaration SET reason = '(effacé)' WHERE reason <> '' AND seat IN (SELECT s.id FROM seat s WHERE s.account = $1)"
    " AND $2::text[] IS NOT NULL",
    "UPDATE data_request SET text = '' WHERE account = $1 AND $2::text[] IS NOT NULL",
)
