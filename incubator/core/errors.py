"""What can go wrong with an act: five failures, each with its HTTP status, and one way to say it."""

from __future__ import annotations

from collections.abc import Mapping


class Failure(Exception):
    """Base of what is answered to the person; `reason` is a sentence they can read."""

    status = 500

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class NotFound(Failure):
    """The thing does not exist, or this person may not know that it does (404)."""

    status = 404


class Refused(Failure):
    """This person may see the thing but never do this to it (403)."""

    status = 403


class SignInNeeded(Failure):
    """Nobody is signed in (401; a page leads to the `door`: signing in, or making an account)."""

    status = 401

    def __init__(self, reason: str = "", *, door: str = "/sign-in") -> None:
        super().__init__(reason)
        self.door = door


class ProofNeeded(Refused):
    """One must say again who one is before this (a page leads there, and `back` afterwards)."""

    def __init__(self, reason: str, back: str) -> None:
        super().__init__(reason)
        self.back = back


class Conflict(Failure):
    """Not now: the state of things forbids it (409). `reason` says why and what to do."""

    status = 409


class Stale(Conflict):
    """Someone saved another text meanwhile (409). `theirs` is what is stored now, field by field."""

    def __init__(self, reason: str, theirs: Mapping[str, str], version: int) -> None:
        super().__init__(reason)
        self.theirs = dict(theirs)
        self.version = version


class Invalid(Failure):
    """What was sent cannot be taken (422). `errors` maps each field to its sentence."""

    status = 422

    def __init__(self, errors: Mapping[str, str], reason: str = "") -> None:
        super().__init__(reason)
        self.errors = dict(errors)


class TooMany(Failure):
    """Too many tries (429). `retry_after` in seconds."""

    status = 429

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Unavailable(Failure):
    """The database does not answer (503); nothing was written, or it was written once and a retry says so."""

    status = 503
