"""The journal and its seals. The application's role can only insert here; a trigger refuses the rest to everyone."""

from piccolo.columns import JSONB, UUID, BigInt, BigSerial, Bytea
from piccolo.constraints import Unique
from piccolo.table import Table

from incubator.core.columns import count, instant, number, words
from incubator.core.database import DB


class JournalEntry(Table, db=DB):
    """One act. Ids are kept without foreign keys: the proof outlives what it speaks of.

    `reason`: nothing, or the salted hash of the words kept in `JournalReason` (`rules.reason_mark`).
    """

    number = BigSerial(primary_key=True, null=False)
    verb = words()
    subject = UUID(null=False, default=None, index=True)
    project = UUID(null=True, default=None, index=True)
    by = UUID(null=True, default=None)
    at = instant()
    reason = words()
    data = JSONB(null=False, default="{}")


class JournalReason(Table, db=DB):
    """The words someone gave for an act, apart from the chain so that they can be erased; the entry keeps their hash."""

    entry = BigInt(primary_key=True, null=False)
    salt = Bytea(null=False)
    words = words()


class JournalSeal(Table, db=DB):
    """A block of entries, hashed together with the seal before it."""

    number = BigInt(primary_key=True, null=False)
    previous = Bytea(null=False)
    hash = Bytea(null=False)
    sealed_at = instant()
    entries_count = count()


class JournalSealedEntry(Table, db=DB):
    """Which seal covers which entry."""

    entry = BigInt(primary_key=True, null=False)
    seal = number()

    one_seal_an_entry = Unique([entry, seal])
