"""The one table of the core: acts already done under a key the caller chose."""

from piccolo.columns import Integer, Text
from piccolo.constraints import Unique
from piccolo.table import Table

from incubator.core.columns import identity, instant, words
from incubator.core.database import DB


class Once(Table, db=DB):
    """A creating request already answered: the same key from the same person gets the same answer."""

    id = identity()
    owner = words()
    key = Text(null=False)
    route = words()
    digest = words()
    at = instant()
    status = Integer(null=False, default=0)
    answer = words()

    one_answer_a_key = Unique([owner, key])
