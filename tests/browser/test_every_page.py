"""Every page of every role, found by following links, on a desk and on a phone: no accessibility violation (axe-core),
no blocked script or style, nothing fetched from elsewhere, no sideways scroll, nothing kept in the browser's storage."""

from __future__ import annotations

import pytest

from incubator.demo.story import SIGN_INS
from tests.browser.conftest import Enter
from tests.browser.walking import (
    ACE,
    AXE,
    FOR_ALL_BUT_STAFF,
    FOR_EVERYBODY,
    OF_A_TEAM,
    OF_STAFF,
    OWN,
    RUN_ACE,
    RUN_AXE,
    SECTIONS,
    Walk,
)


async def test_a_visitor(site: str, enter: Enter) -> None:
    walk = Walk(site, await enter())
    await walk.everywhere()
    assert walk.faults == []
    assert {"/", "/calls/CODE", "/sign-in", "/sign-up", "/forgotten-password"} <= walk.shapes


WRITES, MANAGES = SIGN_INS["Porteuse, brouillon en cours"], SIGN_INS["Responsable du programme"]


def already_seen(email: str) -> set[str]:
    """Pages that are the same for this person as for someone else who looks at them."""
    seen = set(FOR_EVERYBODY)
    if email != MANAGES:
        seen |= FOR_ALL_BUT_STAFF
    if email != WRITES:
        seen |= SECTIONS
    return seen


def seen_under(who: str) -> tuple[str, ...]:
    """Families of pages that another of the same kind looks at."""
    if SIGN_INS[who] in (WRITES, MANAGES):
        return ()
    return OWN + (OF_A_TEAM if who.startswith("Porteu") else OF_STAFF)


@pytest.mark.parametrize("who", SIGN_INS)
async def test_someone_signed_in(site: str, enter: Enter, who: str) -> None:
    email = SIGN_INS[who]
    walk = Walk(site, await enter(email), leaving_out=already_seen(email), under=seen_under(who))
    await walk.everywhere()
    assert walk.faults == []
    assert len(walk.shapes) > 10


async def test_the_engines_see(enter: Enter) -> None:
    """Both find what is wrong on a page that is wrong: a silent engine would prove nothing."""
    page = await enter()
    await page.set_content("<title>Faux</title><main><h1>Faux</h1><input name=a><img src='data:,'></main>")
    await page.evaluate(AXE)
    await page.evaluate(ACE)
    assert {"image-alt", "label"} <= {fault.split(":")[0] for fault in await page.evaluate(RUN_AXE)}
    assert {"input_label_exists", "img_alt_valid"} <= {fault.split("/")[0] for fault in await page.evaluate(RUN_ACE)}
