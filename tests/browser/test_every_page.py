"""Every page of every role, found by following links, on a desk and on a phone: no accessibility violation (axe-core),
no blocked script or style, nothing fetched from elsewhere, no sideways scroll, nothing kept in the browser's storage."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from incubator.demo.story import PASSWORD, SIGN_INS

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
PAGES_A_SHAPE = 2
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 812}}


class Visit:
    """One person's walk through the site."""

    def __init__(self, site: str, context: BrowserContext, page: Page) -> None:
        self.site = site
        self.context = context
        self.page = page
        self.faults: list[str] = []
        self.seen: dict[str, int] = {}
        self.visited: set[str] = set()
        page.on("console", lambda message: self._told(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self._asked(request.url))

    def _told(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(f"{self.page.url}: {text}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.site, "data:")):
            self.faults.append(f"{self.page.url} asks {url}")

    async def links(self) -> list[str]:
        """Addresses of pages this one leads to, of shapes not seen enough."""
        found = await self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        return [link for link in (urljoin(self.page.url, href).split("#")[0] for href in found) if self._wanted(link)]

    def _wanted(self, link: str) -> bool:
        if not link.startswith(self.site) or link in self.visited or link.endswith((".csv", ".json", "/language")):
            return False
        return self.seen.get(self.shape(link), 0) < PAGES_A_SHAPE

    def shape(self, link: str) -> str:
        """The address without its identifiers."""
        return re.sub(r"/calls/[A-Z][^/]*", "/calls/CODE", IDS.sub("ID", urlsplit(link).path))

    async def check(self, link: str) -> None:
        """Open a page and look for faults."""
        self.visited.add(link)
        self.seen[self.shape(link)] = self.seen.get(self.shape(link), 0) + 1
        answer = await self.page.goto(link)
        assert answer is not None
        if answer.status != 200:
            self.faults.append(f"{link}: {answer.status}")
            return
        await self.page.wait_for_load_state("networkidle")
        violations = await self.page.evaluate(
            AXE + ";axe.run(document, {runOnly: {type: 'tag', values: %s}}).then(r => r.violations.map(v => v.id + ': '"
            " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))" % TAGS
        )
        self.faults += [f"{link}: {violation}" for violation in violations]
        wide = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.faults.append(f"{link}: scrolls sideways by {wide} pixels")
        if await self.page.evaluate("localStorage.length + sessionStorage.length"):
            self.faults.append(f"{link}: keeps something in the browser")


@pytest.fixture(params=SIZES)
async def visit(request: pytest.FixtureRequest, site: str, chromium: Browser) -> AsyncIterator[Visit]:
    """A fresh browser of that size."""
    context = await chromium.new_context(viewport=SIZES[request.param], locale="fr-FR")
    context.set_default_timeout(15_000)
    yield Visit(site, context, await context.new_page())
    await context.close()


async def walk(visit: Visit, start: str) -> None:
    """Check the start and every shape of page it leads to."""
    waiting = [start]
    while waiting:
        link = waiting.pop(0)
        if link in visit.visited or (link != start and not visit._wanted(link)):
            continue
        await visit.check(link)
        waiting += await visit.links()


async def test_a_visitor(visit: Visit) -> None:
    await walk(visit, f"{visit.site}/")
    assert visit.faults == []
    assert len(visit.visited) > 5


@pytest.mark.parametrize("email", SIGN_INS.values(), ids=list(SIGN_INS))
async def test_someone_signed_in(visit: Visit, email: str) -> None:
    await visit.page.goto(f"{visit.site}/sign-in")
    await visit.page.fill("[name=email]", email)
    await visit.page.fill("[name=password]", PASSWORD)
    await visit.page.click("main button[type=submit], main form button")
    await visit.page.wait_for_url(f"{visit.site}/")
    await walk(visit, f"{visit.site}/")
    assert visit.faults == []
    assert len(visit.visited) > 5
