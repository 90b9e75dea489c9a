"""The application: every room's handlers behind one guard, one exception handler, one envelope."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.middleware import DefineMiddleware
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

from incubator import health
from incubator.applications import api as applications_api
from incubator.applications import pages as applications_pages
from incubator.calls import api as calls_api
from incubator.calls import pages as calls_pages
from incubator.coaching import api as coaching_api
from incubator.coaching import pages as coaching_pages
from incubator.cohorts import api as cohorts_api
from incubator.cohorts import pages as cohorts_pages
from incubator.core import database
from incubator.core.api import clean_body
from incubator.core.clock import now
from incubator.core.envelope import Envelope
from incubator.core.errors import Refused
from incubator.core.failures import on_exception
from incubator.core.language import _
from incubator.core.logging import configure_logging
from incubator.core.pages import Link, form_token_matches, sent_form
from incubator.core.policy import READS, enforce
from incubator.core.settings import Settings, read_settings, require
from incubator.events import api as events_api
from incubator.events import pages as events_pages
from incubator.home import api as home_api
from incubator.home import pages as home_pages
from incubator.mail import pages as mail_pages
from incubator.openapi import openapi_config
from incubator.people import api as people_api
from incubator.people import pages as people_pages
from incubator.people.actions import refuse_while_viewing
from incubator.people.authentication import Authentication
from incubator.privacy import pages as privacy_pages
from incubator.programmes import api as programmes_api
from incubator.programmes import pages as programmes_pages
from incubator.progress import api as progress_api
from incubator.progress import pages as progress_pages
from incubator.projects import api as projects_api
from incubator.projects import pages as projects_pages
from incubator.selection import api as selection_api
from incubator.selection import pages as selection_pages
from incubator.territory import api as territory_api
from incubator.territory import pages as territory_pages

PAGES: tuple[Any, ...] = (
    health,
    territory_pages,
    mail_pages,
    people_pages,
    programmes_pages,
    projects_pages,
    calls_pages,
    applications_pages,
    selection_pages,
    cohorts_pages,
    coaching_pages,
    progress_pages,
    events_pages,
    privacy_pages,
    home_pages,
)
APIS: tuple[Any, ...] = (
    territory_api,
    people_api,
    programmes_api,
    projects_api,
    calls_api,
    applications_api,
    selection_api,
    cohorts_api,
    coaching_api,
    progress_api,
    events_api,
    home_api,
)
BODY_BYTES_MAX = 1_000_000
LEAVING = ("/view-as/end", "/sign-out")  # all that one may send while looking at someone else's pages


class Application(Litestar):
    """Litestar without what it adds for pydantic and attrs: nothing here uses them, and loading them delays each start."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def create_app(settings: Settings, *, manage_database: bool = True) -> Envelope:
    """The ASGI application. `manage_database`: open and close the pool with it (tests open their own)."""
    pages = Router("/", route_handlers=[h for room in PAGES for h in room.HANDLERS], include_in_schema=False)
    api = Router("/", route_handlers=[h for room in APIS for h in room.HANDLERS])
    app = Application(
        route_handlers=[pages, api],
        guards=[enforce],
        middleware=[DefineMiddleware(Authentication, settings=settings)],
        before_request=guard_write,
        exception_handlers={Exception: on_exception},
        request_max_body_size=BODY_BYTES_MAX,
        state=State({"settings": settings, "navigation": navigation, "footer": footer}),
        lifespan=[_lifespan] if manage_database else [],
        openapi_config=openapi_config(),
        logging_config=None,
    )
    return Envelope(app, settings)


def serve() -> Envelope:
    """What each server process makes: configured by the environment."""
    settings = require(read_settings(), "DATABASE_URL", "SECRET_KEY")
    configure_logging(settings.log_format, logging.WARNING if settings.demo else logging.INFO)
    return create_app(settings)


@asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    await database.connect(settings.database_url, pool_size=settings.pool_size, at_once=False)
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
    try:
        yield
    finally:
        await database.disconnect()


async def guard_write(request: Request[Any, Any, Any]) -> None:
    """Before anything is written: it comes from a page of ours and from this very session, or from a program's token."""
    if request.method in READS:
        return
    if request.scope["state"].get("viewed_by") and request.url.path not in LEAVING:
        await refuse_while_viewing(opened=request.scope["state"]["opened"], route=_route_of(request), at=now())
        raise Refused(_("Vous regardez les pages d’une autre personne : rien n’y change. Quittez d’abord cette vue."))
    if request.route_handler.opt.get("from_a_mail"):
        return
    is_json = request.url.path.startswith("/api/")
    if request.auth != "token":
        _check_origin(request)
        given = request.headers.get("x-csrf-token")
        if given is None and request.route_handler.opt.get("reads") == "stream":
            return  # its handler reads the token as the form arrives, before any byte of the file
        if given is None and not is_json:
            given = (await sent_form(request)).get("csrf", [""])[0]
        if not form_token_matches(request, given or ""):
            raise Refused(_("Cette page est restée ouverte trop longtemps ou vient d’ailleurs. Rechargez-la et recommencez."))
    if is_json:
        await clean_body(request)


def _route_of(request: Request[Any, Any, Any]) -> str:
    """The path for the journal, with ids alone: other pieces of it may be secrets, as what a letter's link ends with."""
    ids = {name: piece if isinstance(piece, UUID) else "…" for name, piece in request.path_params.items()}
    return request.scope["path_template"].format(**ids)


def _check_origin(request: Request[Any, Any, Any]) -> None:
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    strange = site not in (None, "same-origin", "none") or (origin is not None and _host_of(origin) != host)
    if strange:
        raise Refused(_("Cette demande vient d’un autre site."))


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def navigation(request: Request[Any, Any, Any]) -> list[Link]:
    """The menu: short, and only what this person uses."""
    links = [(_("Accueil"), "/"), (_("Appels"), "/calls")]
    person = request.scope.get("user")
    if person and person.is_staff and not request.scope["state"].get("standing"):  # nothing more until the second proof
        links += [(_("Promotions"), "/cohorts"), (_("Mes suivis"), "/coaching")]
    path = request.url.path
    return [Link(label, href, path == href or (href != "/" and path.startswith(f"{href}/"))) for label, href in links]


def footer() -> list[Link]:
    """What the law and good manners ask for at the foot of each page."""
    return [
        Link(_("Accessibilité"), "/accessibility"),
        Link(_("Données personnelles"), "/privacy"),
        Link(_("API"), "/api/v1/docs"),
        Link("English" if _("Accueil") == "Accueil" else "Français", "/language"),
    ]
