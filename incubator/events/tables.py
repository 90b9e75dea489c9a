"""Meetings and who comes."""

from piccolo.columns import Boolean
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.calls.tables import Call
from incubator.core.columns import count, identity, instant, reference, version, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.programmes.tables import Programme
from incubator.territory.tables import Commune


class Meeting(Table, db=DB):
    """An information meeting: in a place, at a distance, or both. `link` is for those who registered."""

    id = identity()
    programme = reference(Programme)
    call = reference(Call, null=True)
    title = words()
    description = words()
    place_name = words()
    address = words()
    commune = reference(Commune, null=True)
    is_remote = Boolean(null=False, default=False)
    link = words()
    starts_at = instant(index=True)
    ends_at = instant()
    seats = count()
    seats_taken = count()
    created_at = instant()
    created_by = reference(Account, null=True)
    cancelled_at = instant(null=True)
    cancelled_reason = words()
    reminded_at = instant(null=True)
    version = version()

    meeting_ends_after_it_starts = Check("ends_at > starts_at")
    meeting_seats_are_positive = Check("seats BETWEEN 1 AND 2000")
    registered_seats_exist = Check("seats_taken BETWEEN 0 AND seats")


class Registration(Table, db=DB):
    """Someone who comes to a meeting, with `people_count` people in all. Cancelled, its seats are free again."""

    id = identity()
    meeting = reference(Meeting)
    name = words()
    email = words()
    people_count = count(default=1)
    language = words(default="fr")
    registered_at = instant()
    cancelled_at = instant(null=True)
    has_come = Boolean(null=True, default=None)
    marked_at = instant(null=True)
    marked_by = reference(Account, null=True)

    one_registration_a_person = Unique([meeting, email])
    registered_people_are_few = Check("people_count BETWEEN 1 AND 10")
