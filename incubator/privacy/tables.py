"""What people ask about their data, what may not be erased yet, and what is proposed each week (R55, R56)."""

from enum import StrEnum

from piccolo.columns import UUID, Date, Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.core.columns import count, identity, instant, one_of, reference, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.programmes.tables import Programme


class RequestKind(StrEnum):
    """What a person may ask (RGPD, articles 15 to 21)."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    LIMITATION = "limitation"
    OBJECTION = "objection"


class RequestState(StrEnum):
    """`refused` has its legal reason."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class DataRequest(Table, db=DB):
    """A case someone opened about their own data; answered within a month."""

    id = identity()
    account = reference(Account)
    kind = Text(null=False)
    text = words()
    asked_at = instant()
    due_on = Date(null=False, default=None)
    state = Text(null=False, default=RequestState.OPEN.value)
    answer = words()
    answered_at = instant(null=True)
    answered_by = reference(Account, null=True)

    data_request_kind_is_known = one_of("kind", RequestKind)
    data_request_state_is_known = one_of("state", RequestState)
    answered_request_says_by_whom = Check("(state = 'open') = (answered_at IS NULL)")


class Hold(Table, db=DB):
    """Nothing of this thing (a call, an application, a project, a person) is erased while it stands (R50)."""

    id = identity()
    programme = reference(Programme)
    subject = UUID(null=False, default=None, index=True)
    reason = words()
    placed_by = reference(Account)
    placed_at = instant()
    lifted_by = reference(Account, null=True)
    lifted_at = instant(null=True)

    hold_has_a_reason = Check("reason <> ''")


class RetentionPeriod(Table, db=DB):
    """How many months a programme keeps a class of data, when it is not the default."""

    id = identity()
    programme = reference(Programme)
    keep = words()
    months_count = count()
    set_by = reference(Account)
    set_at = instant()

    one_period_a_class = Unique([programme, keep])
    period_is_bounded = Check("months_count BETWEEN 1 AND 240")


class LineState(StrEnum):
    """A confirmed line is carried out by the worker; `kept`: staff said no, it is not proposed again for a year."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DONE = "done"
    KEPT = "kept"


class RetentionLine(Table, db=DB):
    """Something whose time has passed. `programme` is null for what belongs to no programme (an account alone)."""

    id = identity()
    programme = reference(Programme, null=True)
    keep = words()
    subject = UUID(null=False, default=None, index=True)
    since = instant()
    proposed_at = instant()
    state = Text(null=False, default=LineState.PROPOSED.value)
    decided_at = instant(null=True)
    decided_by = reference(Account, null=True)
    done_at = instant(null=True)

    retention_line_state_is_known = one_of("state", LineState)
    decided_line_says_when = Check("(state = 'proposed') = (decided_at IS NULL)")
