"""Pages of accounts: signing up, in and out; links sent by mail; one's own account."""

from __future__ import annotations

from typing import Any

from incubator.people.pages import account, authenticator, links, second_proof, security, signing_in, signing_up

HANDLERS: list[Any] = [
    *signing_up.HANDLERS,
    *signing_in.HANDLERS,
    *second_proof.HANDLERS,
    *links.HANDLERS,
    *account.HANDLERS,
    *security.HANDLERS,
    *authenticator.HANDLERS,
]
