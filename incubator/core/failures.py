"""One way to say what went wrong: problem details for JSON, a page for people, a fragment for HTMX."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import asyncpg
import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from incubator.core.api import Problem
from incubator.core.errors import (
    Conflict,
    Failure,
    Invalid,
    NotFound,
    ProofNeeded,
    Refused,
    SignInNeeded,
    Stale,
    TooMany,
    Unavailable,
)
from incubator.core.language import N_, _
from incubator.core.pages import page

log = structlog.get_logger("incubator.failures")

TITLES = {
    400: N_("Cette demande est illisible"),
    401: N_("Connectez-vous"),
    403: N_("Ce n’est pas permis"),
    404: N_("Cette page n’existe pas"),
    405: N_("Cette page ne s’utilise pas ainsi"),
    409: N_("Ce n’est pas possible maintenant"),
    410: N_("Ceci n’est plus là"),
    413: N_("Cet envoi est trop volumineux"),
    422: N_("Des réponses sont à corriger"),
    429: N_("Trop d’essais"),
    500: N_("Une erreur est survenue"),
    503: N_("Le service ne répond pas pour l’instant"),
    507: N_("Il n’y a plus de place"),
}
ADVICE = {
    400: N_("Rechargez la page et recommencez."),
    401: N_("Connectez-vous pour continuer."),
    403: N_("Votre rôle ne permet pas cela. Si vous pensez que c’est une erreur, écrivez à l’équipe du programme."),
    404: N_("Elle n’existe pas, ou vous n’y avez pas accès. Vérifiez l’adresse ou revenez à l’accueil."),
    405: N_("Revenez à l’accueil."),
    409: N_("Rechargez la page pour voir où en sont les choses."),
    410: N_("Revenez à la page d’où vous venez."),
    413: N_("Raccourcissez votre texte ou envoyez-le en plusieurs fois."),
    422: N_("Corrigez les réponses signalées et renvoyez-les."),
    429: N_("Attendez quelques minutes avant de réessayer."),
    500: N_("Réessayez. Si cela continue, écrivez à l’équipe en donnant le numéro d’incident."),
    503: N_("Rien n’est perdu : réessayez dans quelques secondes."),
    507: N_("Rien n’a été gardé de cet envoi. Réessayez dans une heure."),
}
SENTENCES: dict[str, str] = {
    "published_version_is_frozen": N_("Une version publiée ne change plus. Créez une nouvelle version."),
    "grid_in_use_is_kept": N_("Cet appel a déjà son comité : la grille par laquelle il lit ne change plus."),
    "one_open_request_a_kind": N_("Cette demande est déjà ouverte : elle aura sa réponse."),
    "one_standing_hold_a_subject": N_("Une retenue est déjà posée ici."),
    "taken_places_exist": N_("Il n’y a plus de place dans cette phase."),
    "one_account_an_email": N_("Un compte existe déjà pour cette adresse."),
    "decided_application_is_not_withdrawn": N_(
        "La décision est publiée : la candidature ne se retire plus. Si une place vous est offerte, vous pouvez la refuser."
    ),
    "presented_application_stays_admissible": N_("Ce dossier est présenté au comité : sa recevabilité ne se révise plus."),
    "one_application_a_call_and_project": N_("Ce projet a déjà une candidature à cet appel."),
    "one_pending_invitation_an_address": N_("Cette personne est déjà invitée. Vous pouvez lui renvoyer l’invitation."),
    "one_membership_an_account": N_("Cette personne est déjà dans l’équipe."),
    "one_depositor_a_team": N_("Une seule personne dépose pour l’équipe."),
    "one_call_a_code": N_("Un appel porte déjà ce code."),
    "one_lead_coach_a_project": N_("Ce projet a déjà un accompagnateur référent."),
    "one_prolongation_an_enrolment": N_("Cette phase a déjà été prolongée une fois."),
}
DATABASE_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,  # it is stopped, or restarted, in the middle of a request
    asyncpg.CrashShutdownError,  # one of its processes died, and it ends all connections
    OSError,
)
DATABASE_BUSY = (
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.TooManyConnectionsError,
    TimeoutError,
)
UNREADABLE = (
    asyncpg.DataError,
    asyncpg.CharacterNotInRepertoireError,
    UnicodeError,
    RecursionError,
    msgspec.MsgspecError,
)


def on_exception(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The application's one exception handler."""
    failure = as_failure(error)
    incident = request.scope["state"].get("request_id", "")
    if failure.status >= 500:
        log.error("incident", incident=incident, kind=type(error).__name__, exc_info=error if failure.status == 500 else None)
    if request.url.path.startswith("/api/"):
        return _problem(failure, incident)
    if isinstance(failure, ProofNeeded):
        return Response(None, status_code=303, headers={"Location": f"/identity?next={quote(failure.back)}"})
    if isinstance(failure, SignInNeeded) and request.method in ("GET", "HEAD"):
        return Response(None, status_code=303, headers={"Location": f"{failure.door}?next={quote(request.url.path)}"})
    return _page(request, failure, incident)


def as_failure(error: Exception) -> Failure:
    """Any exception as one of ours."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, HTTPException):
        return _from_litestar(error)
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        name = getattr(error, "constraint_name", None) or ""
        return Conflict(_(SENTENCES[name]) if name in SENTENCES else "")
    if isinstance(error, (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)):
        return Conflict(_("Quelqu’un a changé la même chose au même moment. Réessayez."))
    if isinstance(error, UNREADABLE):
        return Invalid({}, _("Une valeur est illisible ou hors de ses bornes. Vérifiez votre saisie."))
    if isinstance(error, (*DATABASE_AWAY, *DATABASE_BUSY, asyncio.CancelledError)):
        return Unavailable("")
    return Failure("")


def _from_litestar(error: HTTPException) -> Failure:
    kinds: Mapping[int, type[Failure]] = {401: SignInNeeded, 403: Refused, 404: NotFound, 409: Conflict}
    if error.status_code in kinds:
        return kinds[error.status_code]("")
    if isinstance(error, ValidationException):
        return Invalid(_litestar_errors(error))
    failure = Failure("")
    failure.status = error.status_code
    return failure


def _litestar_errors(error: HTTPException) -> dict[str, str]:
    extra = error.extra if isinstance(error.extra, list) else []
    named = [item for item in extra if isinstance(item, dict) and item.get("key")]
    return {str(item["key"]): _("Cette valeur ne convient pas.") for item in named}


def _headers(failure: Failure) -> dict[str, str]:
    if isinstance(failure, TooMany):
        return {"Retry-After": str(failure.retry_after)}
    return {"Retry-After": "5"} if failure.status == 503 else {}


def _problem(failure: Failure, incident: str) -> Response[bytes]:
    title = _(TITLES.get(failure.status, TITLES[500 if failure.status >= 500 else 400]))
    detail = failure.reason or _(ADVICE.get(failure.status, ADVICE[500 if failure.status >= 500 else 400]))
    errors = failure.errors if isinstance(failure, Invalid) else {}
    stored, version = (failure.theirs, failure.version) if isinstance(failure, Stale) else ({}, None)
    body = Problem(title, failure.status, detail, f"urn:incident:{incident}", errors, stored, version)
    return Response(
        msgspec.json.encode(body),
        status_code=failure.status,
        media_type="application/problem+json; charset=utf-8",
        headers=_headers(failure),
    )


def _page(request: Request[Any, Any, Any], failure: Failure, incident: str) -> Response[Any]:
    known = failure.status if failure.status in TITLES else 500 if failure.status >= 500 else 400
    template = "errors/fragment.html" if request.headers.get("hx-request") == "true" else "errors/error.html"
    errors = failure.errors if isinstance(failure, Invalid) else {}
    response = page(
        request,
        template,
        status_code=failure.status,
        error_title=_(TITLES[known]),
        error_message=" ".join([failure.reason, *errors.values()]).strip() or _(ADVICE[known]),
        error_advice=_(ADVICE[known]) if failure.reason or errors else None,
        incident=incident if failure.status >= 500 else None,
    )
    response.headers.update(_headers(failure))
    return response
