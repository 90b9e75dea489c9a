"""Documents that people send: what is kept of each, where its bytes are, and whether anyone may open it yet."""

from enum import StrEnum

from piccolo.columns import UUID, Array, Text
from piccolo.constraints import Check
from piccolo.table import Table

from incubator.core.columns import count, identity, instant, number, one_of, reference, words
from incubator.core.database import DB
from incubator.people.tables import Account


class DocumentState(StrEnum):
    """`received`: waits for the scanner · `held`: the scanner cannot tell · `unscanned`: the demo, which scans nothing."""

    RECEIVED = "received"
    HELD = "held"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


class Document(Table, db=DB):
    """A file someone sent. `about` and `place`: the thing and the question it answers, opaque here.

    `key`: where its bytes are, empty once they are erased. `reason`: why it is held, or what the scanner found. `next_try_at`:
    when the scanner looks at it next; null when there is nothing left to do.
    """

    id = identity()
    about = UUID(null=False, default=None, index=True)
    place = words()
    name = words()
    extension = words()
    media_type = words()
    size = number()
    sha256 = words()
    remark = words()
    state = Text(null=False, default=DocumentState.RECEIVED.value)
    reason = words()
    key = Text(null=False, default="", index=True)
    uploaded_by = reference(Account)
    uploaded_at = instant()
    next_try_at = instant(null=True, index=True)
    attempts_count = count()
    scanned_at = instant(null=True)
    removed_at = instant(null=True)

    document_state_is_known = one_of("state", DocumentState)
    document_has_a_size = Check("size > 0")
    what_is_kept_has_bytes = Check("key <> '' OR removed_at IS NOT NULL OR state = 'infected'")
    what_waits_is_looked_at_again = Check("state <> 'received' OR next_try_at IS NOT NULL OR removed_at IS NOT NULL")


class Upload(Table, db=DB):
    """A file on its way, piece after piece: what has arrived, where the pieces are, until when they are kept.

    `document`: what it became, so that finishing twice is finishing once.
    """

    id = identity()
    about = UUID(null=False, default=None, index=True)
    place = words()
    name = words()
    size = number()
    received = number()
    parts = Array(base_column=Text(), null=False)
    document = UUID(null=True, default=None)
    started_by = reference(Account)
    started_at = instant()
    expires_at = instant(index=True)

    upload_is_never_more_than_announced = Check("received BETWEEN 0 AND size")
