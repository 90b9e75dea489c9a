"""What people do at the screen, said as they would say it: go, press, write, choose, read."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import FilePayload, Locator, Page, expect


class Screen:
    """One person's page. Everything is found as they find it: by its words or its label."""

    def __init__(self, site: str, page: Page) -> None:
        self.site = site
        self.page = page

    async def go(self, path: str) -> None:
        """Type an address."""
        answer = await self.page.goto(f"{self.site}{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    async def press(self, words: str, *, within: str = "body") -> None:
        """Click the button or the link with these words, and wait for where it leads."""
        await self.follow(self.found(words, within=within))

    async def follow(self, link: Locator) -> None:
        """Click, and wait for the page that comes."""
        async with self.page.expect_navigation():
            await link.click()

    def found(self, words: str, *, within: str = "body") -> Locator:
        """The first button or link with these words."""
        where = self.page.locator(within)
        return where.get_by_role("button", name=words, exact=True).or_(where.get_by_role("link", name=words, exact=True)).first

    async def write(self, **fields: Any) -> None:
        """Fill the form's fields, whatever they are; `__` in a name stands for a dot."""
        for name, value in fields.items():
            await fill(self.page, name.replace("__", "."), value)

    async def reads(self, *words: str) -> None:
        """These words are on the page."""
        for said in words:
            await expect(self.page.locator("main")).to_contain_text(said)

    async def is_at(self, path: str) -> None:
        """The address ends so."""
        await expect(self.page).to_have_url(re.compile(re.escape(path) + r"(\?.*)?$"))

    async def id_after(self, word: str) -> str:
        """The identifier that follows a word in the address."""
        return self.page.url.split(f"/{word}/")[1].split("/")[0].split("?")[0]


def a_file(name: str, content: bytes) -> FilePayload:
    """A file as a person chooses it."""
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


async def fill(page: Page, name: str, value: Any) -> None:
    """Answer one field: text, radio, checkbox, list, ranks, rows, or a commune by part of its name."""
    fields = page.locator(f'[name="{name}"]')
    if isinstance(value, list) and value and isinstance(value[0], dict):
        await _fill_rows(page, name, value)
    elif isinstance(value, list) and await page.locator(f'select[name="{name}_0"]').count():
        for rank, one in enumerate(value):
            await page.select_option(f'[name="{name}_{rank}"]', one)
    elif isinstance(value, list):
        for one in value:
            await page.check(f'[name="{name}"][value="{one}"]')
    elif value is True:
        await fields.check()
    elif value is not None and value is not False:
        await _fill_one(page, name, value)


async def _fill_one(page: Page, name: str, value: Any) -> None:
    fields = page.locator(f'[name="{name}"]')
    kind = await fields.first.evaluate("field => field.localName + ' ' + field.type") if await fields.count() else "commune"
    if kind == "input radio":
        await page.check(f'[name="{name}"][value="{value}"]')
    elif kind.startswith("select"):
        await fields.select_option(str(value))
    else:
        await fields.fill(str(value).replace(".", ",") if isinstance(value, float) else str(value))


async def _fill_rows(page: Page, name: str, rows: list[dict[str, Any]]) -> None:
    for place, row in enumerate(rows):
        if not await page.locator(f'[name^="{name}_{place}_"]').count():
            await page.locator(f'[name=then][value="row.{name[1:].replace("-", ".")}"]').click()
            await expect(page.locator(f'[name^="{name}_{place}_"]').first).to_be_attached()
        for column, value in row.items():
            await fill(page, f"{name}_{place}_{column}", value)


async def pick_commune(page: Page, name: str, typed: str, wanted: str) -> None:
    """Type part of a commune's name, letter by letter, and choose it among those found."""
    await page.locator(f'[name="{name}_text"]').press_sequentially(typed, delay=20)
    await page.locator(f"#f-{name}-found").get_by_role("radio", name=wanted).first.check()
