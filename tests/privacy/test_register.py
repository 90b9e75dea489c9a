"""R55: every column that holds words has its class; what is personal can be taken away by whom it speaks of (R56)."""

from piccolo.columns import JSONB, Array, Bytea, Text

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
}


def columns_of_words() -> set[str]:
    return {
        f"{table._meta.tablename}.{column._meta.name}"
        for table in APP_CONFIG.table_classes
        for column in table._meta.columns
        if isinstance(column, (Text, JSONB, Bytea, Array))
    }


def test_every_column_of_words_has_its_class():
    personal, others = set(personal_columns()), other_columns()
    assert personal & others == set()
    assert columns_of_words() - personal - others == set()
    assert (personal | others) - columns_of_words() == set()


def test_every_class_has_its_life():
    assert set(LIVES) == set(Keep)


def test_what_is_personal_is_given_back():
    given = {f"{part.table}.{name.strip()}" for part in PARTS for name in part.columns.split(",")}
    assert set(personal_columns()) - SECRETS - set(KEPT_BACK) - given == set()
    assert SECRETS & given == set()
