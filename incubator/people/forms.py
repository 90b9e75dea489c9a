"""What comes in about accounts."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from incubator.core.forms import ONE_LINE, Email, Line, RequiredLine, Version

Password = Annotated[str, Meta(max_length=1000)]
Secret = Annotated[str, Meta(max_length=100, extra=ONE_LINE)]
Language = Annotated[str, Meta(pattern="^(fr|en)$")]


class SignUpForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Create an account (R1): a name, an address, a password."""

    name: RequiredLine
    email: Email
    password: Password
    next: Line = ""


class SignInForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sign in."""

    email: Email
    password: Password
    next: Line = ""


class ResetForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for a link that lets one choose a new password."""

    email: Email


class NewPasswordForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Choose a new password with such a link."""

    token: Secret
    password: Password


class LinkForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Use a link sent by mail; `next` is the page its owner was going to."""

    token: Secret
    next: Line = ""


class AccountForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Change one's name and language."""

    name: RequiredLine
    language: Language
    version: Version


class TokenForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name a new API token."""

    name: RequiredLine
