"""What comes in about accounts."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from incubator.core.forms import ONE_LINE, Email, Line, RequiredLine, Version
from incubator.people.tables import Role

Password = Annotated[str, Meta(max_length=1000)]
Secret = Annotated[str, Meta(max_length=100, extra=ONE_LINE)]
Code = Annotated[str, Meta(min_length=1, max_length=60, extra=ONE_LINE)]
Credential = Annotated[str, Meta(min_length=2, max_length=20000)]
Language = Annotated[str, Meta(pattern="^(fr|en)$")]


class SignUpForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Start (R1): a name and an address; a password if one wants."""

    name: RequiredLine
    email: Email
    password: Password = ""
    next: Line = ""


class SignInForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sign in."""

    email: Email
    password: Password
    next: Line = ""


class AskLinkForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for a link to sign in by."""

    email: Email
    next: Line = ""
    password: Password = ""  # the same form signs in by password; what was typed there is not read


class ResetForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for a link that lets one choose a new password."""

    email: Email


class NewPasswordForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Choose a new password with such a link."""

    token: Secret
    password: Password


class PasswordForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Choose a password while signed in."""

    password: Password


class LinkForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Use a link sent by mail; `next` is the page its owner was going to."""

    token: Secret
    next: Line = ""


class CodeForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code of an authenticator application, or a recovery code."""

    code: Code
    next: Line = ""


class IdentityForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say again who one is, by password."""

    password: Password
    next: Line = ""


class CredentialForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an authenticator answered, as JSON."""

    credential: Credential
    next: Line = ""


class PasskeyForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new key, and what its owner calls it."""

    credential: Credential
    name: RequiredLine


class EmailForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new address."""

    email: Email


class AccountForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Change one's name and language."""

    name: RequiredLine
    language: Language
    version: Version


class TokenForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name a new API token."""

    name: RequiredLine


class RoleForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Offer a role."""

    email: Email
    name: RequiredLine
    role: Role
