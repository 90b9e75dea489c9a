"""Walking through the site as one person, and looking for faults on every shape of page met."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin, urlsplit

from playwright.async_api import Page, ViewportSize, expect

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]
RUN_AXE = f"""axe.run(document, {{resultTypes: ['violations'], runOnly: {{type: 'tag', values: {TAGS}}}}}).then(result =>
    result.violations.map(fault => fault.id + ': ' + fault.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))"""
ACE = (Path(__file__).parent / "vendor" / "ace.js").read_text()  # IBM's engine: a second pair of eyes
NO_FAULTS = [
    "aria_form_label_unique",  # a <form> without a name is no landmark (ARIA in HTML): nothing to tell apart
    "input_autocomplete_valid",  # it knows neither "username" of an address nor "webauthn", which HTML allows
]
RUN_ACE = f"""new ace.Checker().check(document, ['WCAG_2_2']).then(report => report.results
    .filter(found => found.value[0] === 'VIOLATION' && found.value[1] === 'FAIL' && !{NO_FAULTS}.includes(found.ruleId))
    .map(found => found.ruleId + '/' + found.reasonId + ': ' + found.message + ' ' + found.snippet.slice(0, 160)))"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNFILLED = ".thread-hole > a, [hx-trigger=load]:not(.thread-hole, #meetings), .htmx-request"
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
CALLS = re.compile(r"/calls/[A-Z][^/]*")
PROGRAMME = "/programmes/alter-incub-cvl"
FOR_EVERYBODY = {"/accessibility", "/privacy", "/language", "/api/v1/docs", "/demo/mails", "/demo/mails/ID"}
FOR_ALL_BUT_STAFF = {PROGRAMME, f"{PROGRAMME}/versions", "/projects/new"}
OWN = ("/account", "/data")  # one's own pages, alike for everybody
OF_A_TEAM = ("/calls", "/meetings", "/programmes", "/receipts", "/applications/ID/sections", "/applications/ID/files",
             "/applications/ID/answers", "/projects/ID/team")  # fmt: skip
OF_STAFF = ("/forms", "/grids", "/programmes", "/calls/CODE/faq", "/calls/CODE/meetings", "/meetings")
SECTIONS = {f"/applications/ID/sections/S{number}" for number in range(2, 11)}  # read again, all alike: the first is enough
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 375, "height": 812}
FILES = (".csv", ".json", ".yaml", ".ics", ".pdf", "/data/export.html", "/file")  # given to keep, not to look at
LONG = {"/api/v1/docs"}  # thousands of cells all alike: axe reads it once
Sight = tuple[str, ViewportSize, Literal["light", "dark"]]
NARROW: ViewportSize = {"width": 320, "height": 640}  # what WCAG 1.4.10 asks: also a desk enlarged four times
SIGHTS: tuple[Sight, ...] = (
    ("desk, by day", DESK, "light"),
    ("phone, by night", PHONE, "dark"),
    ("narrow phone", NARROW, "dark"),
)


class Walk:
    """One person's way through the site, each shape of page looked at once on a desk by day and on a phone by night."""

    def __init__(self, site: str, page: Page, *, leaving_out: Iterable[str] = (), under: tuple[str, ...] = ()) -> None:
        self.site = site
        self.page = page
        self.faults: list[str] = []
        self.shapes = set(leaving_out)
        self.seen_under = under
        page.on("console", lambda message: self._told(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self._asked(request.url))

    def _told(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(f"{self.page.url}: {text}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.site, "data:")):
            self.faults.append(f"{self.page.url} asks {url}")

    async def everywhere(self) -> None:
        """Look at the home page and at every shape of page it leads to."""
        waiting = [f"{self.site}/"]
        while waiting:
            link = waiting.pop(0)
            if self._is_new(link):
                self.shapes.add(shape(link))
                await self.look_at(link)
                waiting += await self.links()

    async def links(self) -> list[str]:
        """Addresses this page leads to, of shapes not yet seen."""
        read = "links => links.map(link => link.getAttribute('href'))"
        found = await self.page.eval_on_selector_all("a[href]:not([download])", read)
        return [link for link in (urljoin(self.page.url, href).split("#")[0] for href in found) if self._is_new(link)]

    def _is_new(self, link: str) -> bool:
        if not link.startswith(self.site) or urlsplit(link).path.endswith(FILES):
            return False
        return shape(link) not in self.shapes and not shape(link).startswith(self.seen_under)

    async def look_at(self, link: str) -> None:
        """Open a page and look for faults in both sights."""
        answer = await self.page.goto(link)
        assert answer is not None
        if answer.status != 200:
            self.faults.append(f"{link}: {answer.status}")
            return
        await self.look()

    async def look(self) -> None:
        """Look for faults on the page as it stands: both engines on a desk by day, axe on a phone by night, every width."""
        link = self.page.url
        await expect(self.page.locator(UNFILLED)).to_have_count(0)
        await self.page.evaluate(AXE)
        await self.page.evaluate(ACE)
        await self.page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true; })")
        for name, size, scheme in SIGHTS:
            await self.page.set_viewport_size(size)
            await self.page.emulate_media(color_scheme=scheme)
            if size is DESK and shape(link) not in LONG:
                self.faults += [f"{link} ({name}): {fault}" for fault in await self.page.evaluate(RUN_ACE)]
            if size is not NARROW and (size is DESK or shape(link) not in LONG):
                self.faults += [f"{link} ({name}): {fault}" for fault in await self.page.evaluate(RUN_AXE)]
            wide = await self.page.evaluate(SIDEWAYS)
            if wide > 0:
                self.faults.append(f"{link} ({name}): scrolls sideways by {wide} pixels")
        if await self.page.evaluate("localStorage.length + sessionStorage.length"):
            self.faults.append(f"{link}: keeps something in the browser")


def shape(link: str) -> str:
    """The address without its identifiers."""
    return CALLS.sub("/calls/CODE", IDS.sub("ID", urlsplit(link).path))
