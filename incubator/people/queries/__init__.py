"""Who is signed in, and what one may see of one’s own account."""

from incubator.people.queries.account import AccountView, own_account
from incubator.people.queries.people import HeldRole, Person, StaffMember, person, person_by_email, staff_of
from incubator.people.queries.sessions import OpenSession, person_by_api_token, session_by

__all__ = [
    "AccountView",
    "HeldRole",
    "OpenSession",
    "Person",
    "StaffMember",
    "own_account",
    "person",
    "person_by_api_token",
    "person_by_email",
    "session_by",
    "staff_of",
]
