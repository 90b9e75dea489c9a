"""Every page of every role, found by following links, on a desk and on a phone: no accessibility violation (axe-core),
no blocked script or style, nothing fetched from elsewhere, no sideways scroll, nothing kept in the browser's storage."""

from __future__ import annotations

import pytest

from incubator.demo.story import SIGN_INS
from tests.browser.conftest import Enter
from tests.browser.walking import FOR_ALL_BUT_STAFF, FOR_EVERYBODY, SECTIONS, Walk


async def test_a_visitor(site: str, enter: Enter) -> None:
    walk = Walk(site, await enter())
    await walk.everywhere()
    assert walk.faults == []
    assert {"/", "/calls/CODE", "/sign-in", "/sign-up", "/forgotten-password"} <= walk.shapes


def already_seen(email: str) -> set[str]:
    """Pages that are the same for this person as for someone else who looks at them."""
    seen = set(FOR_EVERYBODY)
    if email != SIGN_INS["Responsable du programme"]:
        seen |= FOR_ALL_BUT_STAFF
    if email != SIGN_INS["Porteuse, brouillon en cours"]:
        seen |= SECTIONS
    return seen


@pytest.mark.parametrize("email", SIGN_INS.values(), ids=list(SIGN_INS))
async def test_someone_signed_in(site: str, enter: Enter, email: str) -> None:
    walk = Walk(site, await enter(email), leaving_out=already_seen(email))
    await walk.everywhere()
    assert walk.faults == []
    assert len(walk.shapes) > 10
