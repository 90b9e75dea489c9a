"""Who is signed in, what one may see of one’s own account, who works for a programme."""

from incubator.people.queries.account import AccountView, SecurityView, own_account, own_security
from incubator.people.queries.links import address_of_link, email_link
from incubator.people.queries.people import HeldRole, Person, StaffMember, person, person_by_email, staff_of
from incubator.people.queries.roles import OfferView, offer_by, roles_held, roles_offered
from incubator.people.queries.sessions import OpenSession, person_by_api_token, session_by

__all__ = [
    "AccountView",
    "HeldRole",
    "OfferView",
    "OpenSession",
    "Person",
    "SecurityView",
    "StaffMember",
    "address_of_link",
    "email_link",
    "offer_by",
    "own_account",
    "own_security",
    "person",
    "person_by_api_token",
    "person_by_email",
    "roles_held",
    "roles_offered",
    "session_by",
    "staff_of",
]
