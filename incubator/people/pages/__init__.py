"""Pages of accounts: signing up, in and out; links sent by mail; one's own account."""

from __future__ import annotations

from typing import Any

from incubator.people.pages import account, links, signing_in, signing_up

HANDLERS: list[Any] = [*signing_up.HANDLERS, *signing_in.HANDLERS, *links.HANDLERS, *account.HANDLERS]
