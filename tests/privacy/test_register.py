"""R55: every column has its class; what is personal can be taken away by whom it speaks of (R56)."""

import pytest
from piccolo.columns import UUID, BigSerial, Column, Date, ForeignKey, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table

from incubator.core.database import column
from incubator.piccolo_app import APP_CONFIG
from incubator.privacy.queries.own import PARTS
from incubator.privacy.rules.keeping import LIVES, Keep
from incubator.privacy.rules.register import SECRETS, other_columns, personal_columns

# Personal columns that are not given back, and why.
KEPT_BACK = {
    "letter.html": "the same words as letter.text",
    "letter.path": "the page the letter leads to, with its one-time secret",
    "letter.unsubscribe_path": "holds a one-time secret",
    "once.owner": "a technical key, a week long",
    "once.key": "a technical key, a week long",
    "once.route": "a technical key, a week long",
    "once.digest": "a hash",
    "once.answer": "the answer that was shown",
    "throttle.bucket": "a counter, minutes long",
    "challenge.ceremony": "minutes long",
    "link_request.email": "seconds long",
    "link_request.purpose": "seconds long",
    "link_request.next_path": "seconds long",
    "decision.no_quorum_reason": "about the committee",
    "journal_reason.words": "its readers are those of the act; given on request (article 15)",
    "hold.reason": "about a control or a dispute",
    "coach_opinion.text": "its author's, given to them",
    "upload.name": "hours long",
    "upload.size": "hours long",
    "upload.received": "hours long",
    "account.is_claim": "said by confirmed_at",
    "api_token.is_strong": "how it was made",
    "passkey.sign_count": "a technical count",
    "totp.last_step": "a technical count",
    "throttle.tries_count": "a counter, minutes long",
    "once.status": "a technical key, a week long",
}


def is_classed_by_its_row(of: Column) -> bool:
    """What identifies, what refers to another row, the instant of an act."""
    return isinstance(of, (UUID, ForeignKey, Timestamptz, BigSerial, Serial))


def columns_to_class(tables: list) -> set[str]:
    return {
        f"{table._meta.tablename}.{one._meta.name}"
        for table in tables
        for one in table._meta.columns
        if not is_classed_by_its_row(one)
    }


def without_a_class(tables: list) -> set[str]:
    return columns_to_class(tables) - set(personal_columns()) - other_columns()


def test_every_column_has_its_class():
    personal, others = set(personal_columns()), other_columns()
    assert personal & others == set()
    assert without_a_class(APP_CONFIG.table_classes) == set()
    assert (personal | others) - columns_to_class(APP_CONFIG.table_classes) == set()


@pytest.mark.parametrize("new", [Text(), Varchar(), Date()])
def test_a_new_column_of_any_kind_fails_until_it_is_classed(new):
    table = type("Account", (Table,), {"born_somewhere": new}, tablename="account")
    assert without_a_class([table]) == {"account.born_somewhere"}


async def test_the_database_has_no_column_that_the_tables_do_not_say(db):
    """A column made by hand in a migration would stand in no list."""
    said = {f"{t._meta.tablename}.{one._meta.db_column_name}" for t in APP_CONFIG.table_classes for one in t._meta.columns}
    there = await column(
        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name <> 'migration'"
    )
    assert set(there) - said == set()


def test_every_class_has_its_life():
    assert set(LIVES) == set(Keep)


def test_what_is_personal_is_given_back():
    given = {f"{part.table}.{name.strip()}" for part in PARTS for name in part.columns.split(",")}
    assert set(personal_columns()) - SECRETS - set(KEPT_BACK) - given == set()
    assert SECRETS & given == set()
