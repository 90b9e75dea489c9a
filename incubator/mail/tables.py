"""The outbox."""

from enum import StrEnum

from piccolo.columns import UUID, Text
from piccolo.constraints import Unique
from piccolo.table import Table

from incubator.core.columns import count, identity, instant, one_of, words
from incubator.core.database import DB


class LetterState(StrEnum):
    """`stale`: its reason passed before it could leave. `dead`: tried for two days in vain."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    STALE = "stale"


class Letter(Table, db=DB):
    """A mail to one person about one thing; its Message-ID is its id, so a repeated sending is seen as the same mail.

    `path` is the page it leads to; the worker, who knows where people reach us, adds the link.
    `unsubscribe_path`: where a mail program may end such letters for its reader (RFC 8058), for those one subscribed to.
    """

    id = identity()
    kind = words()
    about = UUID(null=False, default=None)
    to_account = UUID(null=True, default=None, index=True)
    to_email = words()
    subject = words()
    text = words()
    html = words()
    path = words()
    unsubscribe_path = words()
    state = Text(null=False, default=LetterState.WAITING.value)
    attempts_count = count()
    created_at = instant()
    next_try_at = instant()
    stale_after = instant(null=True)
    sent_at = instant(null=True)
    last_error = words()

    one_letter_a_thing_and_recipient = Unique([kind, about, to_email])
    letter_state_is_known = one_of("state", LetterState)
