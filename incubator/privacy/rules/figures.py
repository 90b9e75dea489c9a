"""The register, continued: what each number, flag and day is. With `register`, no column stands without its class (R55).

Left out are what identifies a row, what refers to another and the instants of acts: they are kept as long as their row.
"""

from __future__ import annotations

from incubator.privacy.rules.keeping import Keep

# Figures that speak of a person.
PERSONAL_FIGURES: dict[Keep, dict[str, tuple[str, ...]]] = {
    Keep.ACCOUNT: {
        "account": ("is_claim",),
        "api_token": ("is_strong",),
        "passkey": ("sign_count",),
        "totp": ("last_step",),
    },
    Keep.SECURITY: {"session": ("factors_count",), "throttle": ("tries_count",), "once": ("status",)},
    Keep.PROSPECT: {"registration": ("people_count", "has_come"), "self_test_result": ("forget_after",)},
    Keep.REFUSED: {
        "decision": ("waiting_rank",),
        "decision_reason": ("is_strength",),
        "inquiry_message": ("is_staff",),
        "document": ("size",),
        "upload": ("size", "received"),
    },
    Keep.VOTES: {
        "assessment": ("total",),
        "score": ("value", "is_nsp"),
        "declaration": ("has_interest",),
        "seat": ("is_voting",),
    },
    Keep.SUPPORTED: {
        "team_member": ("availability",),
        "enrolment": ("starts_on", "ended_on"),
        "coach_assignment": ("is_lead", "from_on", "until_on", "planned_days"),
        "support_session": ("held_on", "duration_minutes", "next_on"),
        "coach_opinion": ("is_favourable",),
        "gate_review": ("prolonged_months",),
        "suspension": ("from_on", "until_on"),
    },
    Keep.REQUEST: {"data_request": ("due_on",)},
}

# Figures that never speak of a person: versions, orders, counts, what staff set for a programme, what many voices add up to.
OTHER_FIGURES: dict[str, tuple[str, ...]] = {
    "commune": ("population", "latitude", "longitude"),
    "epci": ("population",),
    "journal_reason": ("entry",),
    "journal_seal": ("number", "entries_count"),
    "journal_sealed_entry": ("entry", "seal"),
    "letter": ("attempts_count",),
    "account": ("version",),
    "document": ("attempts_count",),
    "axis": ("number",),
    "milestone": ("position", "due_months", "is_mandatory"),
    "phase": (
        *("position", "planned_months", "months_min", "months_max", "prolongation_months_max", "alert_days"),
        *("is_entry", "has_gate"),
    ),
    "plan_version": ("number",),
    "proposition": ("number",),
    "project": ("version",),
    "announcement": ("letters_count",),
    "call": ("notify_on", "version"),
    "criterion": ("position", "weight", "is_knock_out", "is_preselection"),
    "entry_places": ("places_count",),
    "faq_entry": ("position", "version"),
    "form_version": ("number", "version"),
    "grid": ("number", "knock_out_below", "version"),
    "answer": ("version",),
    "answer_revision": ("version",),
    "application": ("version",),
    "deposit": ("ordinal",),
    "inquiry": ("version",),
    "receipt_counter": ("last",),
    "text_template": ("version",),
    "assessment": ("version",),
    "decision": ("voters_count", "voices_count", "colleges_count", "version"),
    "presentation": (*("assessments_count", "mean", "median", "low", "high", "deviation", "knock_out_mean", "first_block_mean"),),
    "capacity": ("places_count", "taken_count"),
    "cohort": ("starts_on",),
    "enrolment": ("version",),
    "support_session": ("version",),
    "deliverable": ("version",),
    "meeting": ("is_remote", "seats", "seats_taken", "version"),
    "retention_period": ("months_count",),
}
