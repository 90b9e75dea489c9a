"""Who can sign in, how, and in which role."""

from enum import StrEnum

from piccolo.columns import UUID, Boolean, Bytea, SmallInt, Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.core.columns import count, identity, instant, number, one_of, reference, version, words
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
    SIGN_IN = "sign_in"


class Ceremony(StrEnum):
    """What a challenge to an authenticator is for."""

    REGISTRATION = "registration"
    SIGN_IN = "sign_in"


class Account(Table, db=DB):
    """A person who can sign in. `email` is normalised; without a password hash one enters by a link or a passkey.

    `is_claim`: opened under an address nobody has proven yet (R1). What it made joins the account that proves the address:
    this one, or the one that owns it (`merged_into`). One account that is no claim has an address (index `one_account_an_email`).
    """

    id = identity()
    email = words()
    name = words()
    password_hash = words()
    language = words(default="fr")
    created_at = instant()
    confirmed_at = instant(null=True)
    disabled_at = instant(null=True)
    limited_at = instant(null=True)
    erased_at = instant(null=True)
    is_claim = Boolean(null=False, default=False)
    merged_into = UUID(null=True, default=None, index=True)
    version = version()

    email_is_not_empty = Check("email <> ''")


class Session(Table, db=DB):
    """A browser in which someone is signed in. Only the hash of its secret is kept.

    `factors_count`: proofs given, one or two. `proven_at`: when they were last given. `viewing`: whom a manager of
    `viewing_programme` looks at the pages of, changing nothing.
    """

    id = identity()
    account = reference(Account, cascade=True)
    token_hash = Bytea(null=False)
    agent = words()
    factors_count = SmallInt(null=False, default=1)
    created_at = instant()
    proven_at = instant(null=True)
    seen_at = instant()
    expires_at = instant()
    ended_at = instant(null=True)
    viewing = reference(Account, null=True, cascade=True)
    viewing_programme = UUID(null=True, default=None)

    one_session_a_token = Unique([token_hash])
    one_gives_one_or_two_proofs = Check("factors_count BETWEEN 1 AND 2")
    viewing_is_of_a_programme = Check("(viewing IS NULL) = (viewing_programme IS NULL) AND viewing <> account")


class LinkToken(Table, db=DB):
    """A link sent by mail: short-lived, single use, good for one purpose and one address.

    `password_hash`: the password chosen when signing up, good if the same browser confirms.
    """

    id = identity()
    account = reference(Account, cascade=True)
    purpose = Text(null=False)
    token_hash = Bytea(null=False)
    email = words()
    created_at = instant()
    expires_at = instant()
    used_at = instant(null=True)
    password_hash = words()

    one_link_a_token = Unique([token_hash])
    purpose_of_a_link_is_known = one_of("purpose", Purpose)


class LinkRequest(Table, db=DB):
    """Someone asked for a link to an address. The worker answers, so that asking takes the same time for any address."""

    id = identity()
    email = words()
    purpose = Text(null=False)
    next_path = words()
    asked_at = instant(index=True)

    purpose_of_a_request_is_known = one_of("purpose", Purpose)


class ApiToken(Table, db=DB):
    """A secret for programs that act as their owner, with the owner's rights. `is_strong`: made after two proofs."""

    id = identity()
    account = reference(Account, cascade=True)
    name = words()
    token_hash = Bytea(null=False)
    created_at = instant()
    last_used_at = instant(null=True)
    revoked_at = instant(null=True)
    is_strong = Boolean(null=False, default=False)

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


class RoleInvitation(Table, db=DB):
    """A role offered by mail to an address; whoever proves the address may accept it in time."""

    id = identity()
    programme = UUID(null=False, default=None, index=True)
    email = words()
    name = words()
    role = Text(null=False)
    token_hash = Bytea(null=False)
    invited_by = reference(Account)
    created_at = instant()
    expires_at = instant()
    accepted_at = instant(null=True)
    revoked_at = instant(null=True)

    one_role_invitation_a_token = Unique([token_hash])
    invited_role_is_known = one_of("role", Role)


class Totp(Table, db=DB):
    """An authenticator application: its secret, sealed, and the last step it was used at (never twice)."""

    id = identity()
    account = reference(Account, cascade=True, unique=True)
    sealed_secret = Bytea(null=False)
    created_at = instant()
    confirmed_at = instant(null=True)
    last_step = number(null=True)


class RecoveryCode(Table, db=DB):
    """A code for who lost their authenticator: found by its first letters, compared by Argon2id, good once."""

    id = identity()
    account = reference(Account, cascade=True)
    selector = words()
    code_hash = words()
    created_at = instant()
    used_at = instant(null=True)

    one_recovery_code_a_selector = Unique([account, selector])


class Passkey(Table, db=DB):
    """A public key whose private half never leaves someone's device."""

    id = identity()
    account = reference(Account, cascade=True)
    credential_id = Bytea(null=False)
    public_key = Bytea(null=False)
    sign_count = number()
    name = words()
    created_at = instant()
    last_used_at = instant(null=True)

    one_passkey_a_credential = Unique([credential_id])


class Challenge(Table, db=DB):
    """What an authenticator is asked to sign: for one browser, minutes long, once."""

    id = identity()
    ceremony = Text(null=False)
    browser_hash = Bytea(null=False)
    challenge = Bytea(null=False)
    created_at = instant()
    expires_at = instant(index=True)

    one_challenge_a_browser = Unique([browser_hash, ceremony])
    ceremony_is_known = one_of("ceremony", Ceremony)


class KnownDevice(Table, db=DB):
    """A browser in which someone has signed in: told apart by a cookie of its own, which opens nothing."""

    id = identity()
    account = reference(Account, cascade=True)
    token_hash = Bytea(null=False)
    created_at = instant()
    seen_at = instant()

    one_known_device_a_token = Unique([account, token_hash])


class EmailChange(Table, db=DB):
    """A new address asked for: it replaces the old one once both have been opened (A12)."""

    id = identity()
    account = reference(Account, cascade=True)
    old_email = words()
    new_email = words()
    old_token_hash = Bytea(null=False)
    new_token_hash = Bytea(null=False)
    asked_at = instant()
    expires_at = instant()
    old_pressed_at = instant(null=True)
    new_pressed_at = instant(null=True)
    ended_at = instant(null=True)

    one_email_change_an_old_token = Unique([old_token_hash])
    one_email_change_a_new_token = Unique([new_token_hash])


class Throttle(Table, db=DB):
    """How many tries a bucket (an address, an account) has made since its window opened."""

    bucket = Text(primary_key=True, null=False)
    opened_at = instant()
    tries_count = count()
