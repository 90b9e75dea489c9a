"""People at the screen, and the programs that act for them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.journey.house import House
from tests.journey.reading import Form, Page
from tests.journey.telling import Surprise, expect

PASSWORD = "neuf chemins de halage"


class Visitor:
    """Someone with a browser; once they have a token, also with a program."""

    def __init__(self, house: House, name: str, email: str) -> None:
        self.house, self.name, self.email = house, name, email
        self.browser = httpx.Client(base_url=house.address, timeout=20)
        self.token = ""

    def get(self, path: str, *, status: int = 200) -> Page:
        """Open a page."""
        return self._seen(self.browser.get(path, follow_redirects=True), status)

    def send(self, page: Page, action: str, *, status: int = 200, **fields: Any) -> Page:
        """Fill a form of the page, send it, and see where that leads (Post/Redirect/Get)."""
        form = page.form(action)
        answer = self.browser.request(form.method, form.action or page.url, data=self._filled(form, fields))
        if answer.status_code == 303:
            answer = self.browser.get(answer.headers["location"], follow_redirects=True)
        return self._seen(answer, status)

    def join(self, path: str, name: str, content: bytes) -> Page:
        """Choose a file on the page that asks for it, and send it (no script)."""
        written = {field: texts for field, texts in self.get(path).form(path).fields.items() if field != "file"}
        answer = self.browser.post(path, data=written, files={"file": (name, content)}, follow_redirects=True)
        return self._seen(answer, 200)

    def _filled(self, form: Form, fields: dict[str, Any]) -> dict[str, list[str]]:
        sent = dict(form.fields)
        for name, value in fields.items():
            sent[name] = [str(item) for item in value] if isinstance(value, list) else [str(value)]
        return sent

    def _seen(self, answer: httpx.Response, status: int) -> Page:
        page = Page(answer.status_code, str(answer.url), answer.text, dict(answer.headers))
        if answer.status_code != status:
            asked = f"{answer.request.method} {urlsplit(str(answer.url)).path}"
            raise Surprise(f"{self.name}: {asked} answered {answer.status_code}, not {status}: {page.text[:600]}")
        return page

    def choose_password(self, link: str) -> None:
        """Follow a link from a mail (or a command), choose a password, sign in."""
        self.send(self.get(link), "/new-password", password=PASSWORD)
        self.sign_in()

    def sign_up(self) -> None:
        """Create an account, confirm the address with the link that arrives, sign in (R1)."""
        page = self.get("/sign-up")
        self.send(page, "/sign-up", name=self.name, email=self.email, password=PASSWORD)

    def confirm(self) -> None:
        """Press the button behind the link of the mail, then sign in."""
        mail = self.house.mailbox.wait(self.email, "adresse")
        self.send(self.get(mail.link), "/confirm")
        self.sign_in()

    def sign_in(self) -> None:
        """Sign in, and make a token for programs on the account page."""
        page = self.send(self.get("/sign-in"), "/sign-in", email=self.email, password=PASSWORD)
        expect(urlsplit(page.url).path == "/", f"{self.name} should arrive at home, not on {page.url}")
        made = self.send(self.get("/account"), "/account/tokens", name="parcours")
        found = re.search(r"inc_[\w-]{20,}", made.html)
        expect(found, f"no token is shown to {self.name}")
        assert found
        self.token = found[0]

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        """The JSON API, with the token."""
        given = {"authorization": f"Bearer {self.token}", **headers}
        answer = httpx.request(method, f"{self.house.address}/api/v1{path}", json=body, headers=given, timeout=20)
        if answer.status_code != status:
            raise Surprise(f"{self.name}: {method} {path} answered {answer.status_code}, not {status}: {answer.text[:800]}")
        return answer.json() if answer.content else None

    def upload(self, path: str, question: str, name: str, content: bytes) -> None:
        """The same by a program: announced, sent in one piece, completed."""
        announced = {"question": question, "name": name, "size": len(content)}
        address = f"{path}/uploads/{self.call('POST', f'{path}/uploads', announced, status=201)['id']}"
        given = {"authorization": f"Bearer {self.token}", "content-type": "application/octet-stream"}
        url = f"{self.house.address}/api/v1{address}?offset=0"
        sent = httpx.put(url, content=content, headers=given, timeout=20)
        expect(sent.status_code == 200, f"{self.name}: PUT {url} answered {sent.status_code}: {sent.text[:800]}")
        self.call("POST", f"{address}/completion", {})

    def read(self, path: str, *, status: int = 200) -> Any:
        """GET on the API."""
        return self.call("GET", path, status=status)
