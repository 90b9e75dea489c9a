"""Who can sign in, how, and in which role."""

from enum import StrEnum

from piccolo.columns import UUID, Bytea, Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.core.columns import count, identity, instant, one_of, reference, version, words
from incubator.core.database import DB


class Role(StrEnum):
    """What a person is in a programme. Committee members are not here: a seat is a row of `selection`."""

    MANAGER = "manager"
    INSTRUCTOR = "instructor"
    COACH = "coach"


class Purpose(StrEnum):
    """What a link sent by mail is good for."""

    CONFIRM = "confirm"
    RESET = "reset"
    INVITE = "invite"


class Account(Table, db=DB):
    """A person who can sign in. `email` is normalised; without a password hash one enters by a link only."""

    id = identity()
    email = words()
    name = words()
    password_hash = words()
    language = words(default="fr")
    created_at = instant()
    confirmed_at = instant(null=True)
    disabled_at = instant(null=True)
    version = version()

    one_account_an_email = Unique([email])
    email_is_not_empty = Check("email <> ''")


class Session(Table, db=DB):
    """A browser in which someone is signed in. Only the hash of its secret is kept."""

    id = identity()
    account = reference(Account, cascade=True)
    token_hash = Bytea(null=False)
    agent = words()
    created_at = instant()
    seen_at = instant()
    expires_at = instant()
    ended_at = instant(null=True)

    one_session_a_token = Unique([token_hash])


class LinkToken(Table, db=DB):
    """A link sent by mail: short-lived, single use, good for one purpose and one address."""

    id = identity()
    account = reference(Account, cascade=True)
    purpose = Text(null=False)
    token_hash = Bytea(null=False)
    email = words()
    created_at = instant()
    expires_at = instant()
    used_at = instant(null=True)

    one_link_a_token = Unique([token_hash])
    purpose_is_known = one_of("purpose", Purpose)


class ApiToken(Table, db=DB):
    """A secret for programs that act as their owner, with the owner's rights."""

    id = identity()
    account = reference(Account, cascade=True)
    name = words()
    token_hash = Bytea(null=False)
    created_at = instant()
    last_used_at = instant(null=True)
    revoked_at = instant(null=True)

    one_api_token_a_secret = Unique([token_hash])


class RoleAssignment(Table, db=DB):
    """A person holds a role in a programme (its id: programmes live in a later room, the key is added by SQL)."""

    id = identity()
    account = reference(Account, cascade=True)
    role = Text(null=False)
    programme = UUID(null=False, default=None, index=True)
    created_at = instant()

    one_assignment_a_role = Unique([account, role, programme])
    role_is_known = one_of("role", Role)


class Throttle(Table, db=DB):
    """How many tries a bucket (an address, an account) has made since its window opened."""

    bucket = Text(primary_key=True, null=False)
    opened_at = instant()
    tries_count = count()
