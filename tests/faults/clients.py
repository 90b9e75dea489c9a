"""People at work while things break: each keeps what it was told, and tries again what it was not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import msgspec

from incubator.calls.definitions import Kind, Question, Section
from incubator.core.clock import now
from incubator.core.ids import new_id
from incubator.people.actions import open_session
from tests.conftest import Browser
from tests.files.dossiers import Desk, a_desk
from tests.world.documents import a_pdf

SECTION = Section(
    "F", "Tout",
    questions=(
        Question("F.0", "La phase que vous demandez", Kind.PHASE, required=True),
        Question("F.1", "Pièces", Kind.FILE, file_types=("pdf",), files_max=20, size_max=3_000_000),
        *(Question(f"T.{n}", f"Texte {n}", Kind.TEXT, limit=2000) for n in range(3)),
    ),
)  # fmt: skip
AWAY = (httpx.TransportError,)
WORDS = "Nous avons rencontré trente habitants et réparé cent vélos avec eux. " * 12
PIECE = 100_000


class Told(msgspec.Struct):
    """What the clients were told. `texts`: by dossier and question, each text acknowledged with its version, in order.

    `files`: names acknowledged by dossier; `deposits`: numbers by dossier; `answers`: how many of each status; `wrong`: answers
    that nobody should ever get.
    """

    texts: dict[tuple[UUID, str], list[tuple[int, str]]] = {}
    files: dict[UUID, list[str]] = {}
    deposits: dict[UUID, set[str]] = {}
    answers: Counter[int] = msgspec.field(default_factory=Counter)
    wrong: list[str] = []
    slowest: float = 0.0

    def acknowledged(self) -> tuple[int, int, int]:
        """How many texts, files, deposits."""
        return (
            sum(len(one) for one in self.texts.values()),
            sum(len(one) for one in self.files.values()),
            sum(len(one) for one in self.deposits.values()),
        )


class Client:
    """A person and what they do over and over, until told to stop."""

    def __init__(self, told: Told, desk: Desk, browser: Browser) -> None:
        self.told = told
        self.desk = desk
        self.browser = browser

    async def ask(self, asked: Callable[[], Awaitable[httpx.Response]], *fine: int) -> httpx.Response | None:
        """One answer; None when nobody answered or it was « not now »: its outcome is unknown."""
        started = asyncio.get_running_loop().time()
        try:
            answer = await asked()
        except AWAY:
            self.told.answers[0] += 1
            return None
        finally:
            self.told.slowest = max(self.told.slowest, asyncio.get_running_loop().time() - started)
        self.told.answers[answer.status_code] += 1
        if answer.status_code == 503 and answer.headers.get("retry-after"):
            return None
        if answer.status_code not in fine:
            self.told.wrong.append(
                f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[-300:]}"
            )
            return None
        return answer

    async def until(self, asked: Callable[[], Awaitable[httpx.Response]], *fine: int) -> httpx.Response:
        """The same again until it is answered: what a page or a program does that was not."""
        while True:
            answer = await self.ask(asked, *fine)
            if answer is not None:
                return answer
            await asyncio.sleep(0.1)

    @property
    def here(self) -> str:
        """The dossier's address."""
        return f"/applications/{self.desk.application}"


class Typist(Client):
    """Writes on and on; the page saves each pause, and the same text again when it does not know."""

    async def __call__(self, stop: asyncio.Event) -> None:
        versions: Counter[str] = Counter()
        turn = 0
        while not stop.is_set():
            code = f"T.{turn % 3}"
            text = f"{turn} {WORDS}"[:900].strip()
            body = {"value": text, "version": versions[code]}

            async def save(code: str = code, body: dict[str, Any] = body) -> httpx.Response:
                return await self.browser.send_json("PUT", f"/api/v1{self.here}/answers/{code}", body)

            saved = (await self.until(save, 200)).json()
            versions[code] = saved["version"]
            self.told.texts.setdefault((self.desk.application, code), []).append((saved["version"], text))
            turn += 1
            await asyncio.sleep(0.08)


class Sender(Client):
    """Sends file after file by the form; not answered, looks whether it is there before sending it again."""

    async def __call__(self, stop: asyncio.Event) -> None:
        names: list[str] = self.told.files.setdefault(self.desk.application, [])
        while not stop.is_set() and len(names) < 15:
            name = f"piece-{len(names)}.pdf"
            content = a_pdf(name) + b"%" + b"x" * 200_000 + b"\n%%EOF\n"

            async def send(name: str = name, content: bytes = content) -> httpx.Response:
                form = {"csrf": self.browser.token()}
                return await self.browser.post(f"{self.here}/files/F.1", data=form, files={"file": (name, content)})

            while await self.ask(send, 303) is None and name not in await self.there():
                pass  # looking took its time
            names.append(name)
            await asyncio.sleep(0.2)

    async def there(self) -> list[str]:
        """The names of the files that are in the dossier."""
        listed = await self.until(lambda: self.browser.get(f"/api/v1{self.here}/documents"), 200)
        return [one["name"] for one in listed.json()["items"]]


class Piecewise(Client):
    """Sends files piece after piece; after a cut asks how much arrived and goes on there."""

    async def __call__(self, stop: asyncio.Event) -> None:
        names = self.told.files.setdefault(self.desk.application, [])
        while not stop.is_set() and len(names) < 15:
            name = f"morceaux-{len(names)}.pdf"
            await self._send(name, a_pdf(name) + b"%" + b"y" * 350_000 + b"\n%%EOF\n")
            names.append(name)
            await asyncio.sleep(0.2)

    async def _send(self, name: str, content: bytes) -> None:
        base, key = f"/api/v1{self.here}/uploads", {"idempotency-key": str(new_id())}
        asked = {"question": "F.1", "name": name, "size": len(content)}
        begun = await self.until(lambda: self.browser.send_json("POST", base, asked, **key), 201)
        place, received = f"{base}/{begun.json()['id']}", 0
        while received < len(content):
            piece = content[received : received + PIECE]
            headers = {"x-csrf-token": self.browser.token(), "content-type": "application/octet-stream"}
            address = f"{place}?offset={received}"
            answer = await self.ask(lambda a=address, p=piece, h=headers: self.browser.put(a, content=p, headers=h), 200, 409)  # type: ignore[misc]
            if answer is None or answer.status_code == 409:
                answer = await self.until(lambda: self.browser.get(place), 200)
            received = answer.json()["received"]
        await self.until(lambda: self.browser.send_json("POST", f"{place}/completion"), 200)


class Depositors(Client):
    """Deposits one dossier after another, by turns as a program and by the page, under a key each; not answered, again."""

    desks: tuple[tuple[Desk, Browser], ...] = ()

    async def __call__(self, stop: asyncio.Event) -> None:
        for turn, (desk, browser) in enumerate(self.desks):
            if stop.is_set():
                return
            self.desk, self.browser = desk, browser
            number = await (self._by_page() if turn % 2 else self._by_program())
            self.told.deposits.setdefault(desk.application, set()).add(number)
            await asyncio.sleep(0.25)

    async def _by_program(self) -> str:
        key = {"idempotency-key": str(new_id())}
        body = {"statements": []}  # type: dict[str, Any]
        answer = await self.until(lambda: self.browser.send_json("POST", f"/api/v1{self.here}/deposit", body, **key), 201)
        return str(answer.json()["number"])

    async def _by_page(self) -> str:
        key = str(new_id())
        await self.until(lambda: self.browser.send_form(f"{self.here}/deposit", once=key), 303)
        receipt = await self.until(lambda: self.browser.get(f"/api/v1{self.here}"), 200)
        return str(receipt.json()["number"])


async def a_browser(address: str, desk: Desk) -> Browser:
    """The depositor's browser on a server."""
    secret = await open_session(desk.person.id, agent="test", is_staff=False, at=now())
    made = Browser(base_url=address, timeout=20)
    made.secret = secret
    made.cookies.set("session", secret)
    return made


async def people(address: str, told: Told, *, deposits: int) -> list[Client]:
    """Two who write, one who sends by the form, one in pieces, and one who deposits dossier after dossier."""
    made: list[Client] = []
    for kind in (Typist, Typist, Sender, Piecewise):
        desk = await _desk()
        made.append(kind(told, desk, await a_browser(address, desk)))
    ready = []
    for _one in range(deposits):
        desk = await _desk()
        ready.append((desk, await a_browser(address, desk)))
    last = Depositors(told, *ready[0])
    last.desks = tuple(ready)
    return [*made, last]


async def _desk() -> Desk:
    return await a_desk(sections=(SECTION,), files_size_max=0)
