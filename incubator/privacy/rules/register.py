"""The register: what every column that holds words, files or secrets is, and how long it is kept (R55; RGPD, article 30).

A test compares it, and the figures beside it, with the tables and with the database: a column that stands in no list fails.
"""

from __future__ import annotations

from incubator.privacy.rules.figures import OTHER_FIGURES, PERSONAL_FIGURES
from incubator.privacy.rules.keeping import Keep

# Columns that speak of people, or that people wrote, by table.
PERSONAL: dict[Keep, dict[str, tuple[str, ...]]] = {
    Keep.ACCOUNT: {
        "account": ("email", "name", "password_hash", "language"),
        "api_token": ("name", "token_hash"),
        "passkey": ("credential_id", "public_key", "name"),
        "totp": ("sealed_secret",),
        "recovery_code": ("selector", "code_hash"),
        "role_assignment": ("role",),
    },
    Keep.SECURITY: {
        "session": ("token_hash", "agent"),
        "known_device": ("token_hash",),
        "challenge": ("ceremony", "browser_hash", "challenge"),
        "link_token": ("purpose", "token_hash", "email", "password_hash"),
        "link_request": ("email", "purpose", "next_path"),
        "email_change": ("old_email", "new_email", "old_token_hash", "new_token_hash"),
        "role_invitation": ("email", "name", "role", "token_hash"),
        "team_invitation": ("email", "name", "role", "token_hash"),
        "throttle": ("bucket",),
        "once": ("owner", "key", "route", "digest", "answer"),
    },
    Keep.LETTERS: {"letter": ("to_email", "subject", "text", "html", "path", "unsubscribe_path")},
    Keep.PROSPECT: {
        "registration": ("name", "email", "language"),
        "subscription": ("email", "language"),
        "self_test_result": ("email", "answers"),
    },
    Keep.REFUSED: {
        "application": ("filed_name",),
        "answer": ("value",),
        "answer_revision": ("value",),
        "presence": ("section", "question"),
        "deposit": ("content",),
        "derogation": ("reason",),
        "ruling": ("reason", "checks"),
        "complement_request": ("sentences", "message"),
        "inquiry_message": ("text",),
        "decision": ("conditions", "orientation", "no_quorum_reason"),
        "decision_reason": ("text",),
        "journal_reason": ("salt", "words"),
        "document": ("name", "remark", "reason"),
        "upload": ("name",),
    },
    Keep.VOTES: {
        "assessment": ("comment",),
        "score": ("comment",),
        "declaration": ("reason",),
        "seat": ("college",),
    },
    Keep.SUPPORTED: {
        "project": ("name", "summary"),
        "team_member": ("role", "name", "email", "skills"),
        "agreement": ("text",),
        "enrolment": ("end_reason",),
        "support_session": ("participants", "done", "decided", "next_steps", "no_next_reason"),
        "session_correction": ("before", "reason"),
        "deliverable": ("content", "link", "review", "waiver_reason"),
        "diagnosis": ("levels",),
        "coach_opinion": ("text",),
        "gate_review": ("reason",),
        "suspension": ("reason",),
    },
    Keep.NOTES: {"private_note": ("text",)},
    Keep.REQUEST: {"data_request": ("text", "answer"), "hold": ("reason",)},
}

# Columns of words that never speak of a person: codes, states, what staff publish about a programme.
NOT_PERSONAL: dict[str, tuple[str, ...]] = {
    "commune": ("insee_code", "name", "postcodes", "search"),
    "departement": ("code", "name"),
    "epci": ("siren", "name", "kind"),
    "region": ("code", "name"),
    "journal_entry": ("verb", "reason", "data"),
    "journal_seal": ("previous", "hash"),
    "letter": ("kind", "state", "last_error"),
    "axis": ("title", "description"),
    "milestone": ("code", "name", "help"),
    "phase": ("code", "name", "description", "norms"),
    "plan_version": ("diagnosis_axes",),
    "programme": ("code", "name", "carrier", "description", "contact_email"),
    "proposition": ("title",),
    "strategy": ("code", "title", "years"),
    "call": ("code", "title", "introduction", "departements"),
    "criterion": ("code", "block", "block_title", "label", "anchor_1", "anchor_3", "anchor_5"),
    "extension": ("reason",),
    "faq_entry": ("section", "question", "answer"),
    "form_version": ("title", "definition", "codes_given"),
    "grid": ("title", "definition"),
    "answer": ("question",),
    "answer_revision": ("question",),
    "application": ("state",),
    "complement_request": ("questions", "follow_ups"),
    "deposit": ("number", "content_hash"),
    "document": ("place", "extension", "media_type", "sha256", "state", "key"),
    "upload": ("place", "parts"),
    "inquiry": ("section",),
    "ruling": ("outcome",),
    "text_template": ("kind", "title", "text"),
    "assessment": ("state",),
    "committee": ("name",),
    "decision": ("outcome",),
    "presentation": ("flags", "criteria"),
    "undertaking": ("text_hash",),
    "agreement": ("text_hash",),
    "cohort": ("name",),
    "enrolment": ("state",),
    "place": ("state",),
    "support_session": ("kind",),
    "deliverable": ("state",),
    "diagnosis": ("side", "moment"),
    "gate_review": ("outcome",),
    "meeting": ("title", "description", "place_name", "address", "link", "cancelled_reason"),
    "data_request": ("kind", "state"),
    "retention_line": ("keep", "state"),
    "retention_period": ("keep",),
}

# Secrets and their hashes: nobody is given them back, not even their owner.
SECRETS = frozenset(
    {
        *(
            "account.password_hash",
            "api_token.token_hash",
            "session.token_hash",
            "known_device.token_hash",
            "link_token.token_hash",
        ),
        *("link_token.password_hash", "passkey.credential_id", "passkey.public_key", "totp.sealed_secret", "journal_reason.salt"),
        *("recovery_code.selector", "recovery_code.code_hash", "role_invitation.token_hash", "team_invitation.token_hash"),
        *("email_change.old_token_hash", "email_change.new_token_hash", "challenge.browser_hash", "challenge.challenge"),
    }
)


def personal_columns() -> dict[str, Keep]:
    """The class of each personal column, by `table.column`."""
    return _by_name(PERSONAL) | _by_name(PERSONAL_FIGURES)


def _by_name(classes: dict[Keep, dict[str, tuple[str, ...]]]) -> dict[str, Keep]:
    return {f"{table}.{name}": keep for keep, tables in classes.items() for table, names in tables.items() for name in names}


def other_columns() -> set[str]:
    """The columns that are not personal."""
    return {f"{table}.{name}" for tables in (NOT_PERSONAL, OTHER_FIGURES) for table, names in tables.items() for name in names}
