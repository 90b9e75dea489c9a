"""A call from a file: upload it, see what it would make, make a draft of it; and the other way round, download it."""

from __future__ import annotations

import asyncio
import base64
import zlib
from datetime import datetime, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from incubator.calls import rules
from incubator.calls.actions import import_call
from incubator.calls.files import FILE_BYTES_MAX, CallFile, as_json, as_yaml, read_call_file
from incubator.calls.forms import ImportFields, ImportForm
from incubator.calls.pages.managing import choices_for, read_call
from incubator.calls.pages.words import instant_fields
from incubator.calls.queries import Choices
from incubator.calls.queries.files import call_file, form_like, grid_like, plan_like
from incubator.core.clock import local, now
from incubator.core.errors import Invalid
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]
UPLOAD_BYTES_MAX, PACKED_BYTES_MAX = FILE_BYTES_MAX + 20_000, 1_500_000


@get("/calls/{code:str}/export.yaml", opt=STAFF)
async def export_yaml(request: AnyRequest, code: FromPath[str]) -> Response[bytes]:
    """The whole call as a YAML file."""
    call = await read_call(request, code)
    return _download(as_yaml(await call_file(call)), f"{call.code}.yaml", "application/yaml")


@get("/calls/{code:str}/export.json", opt=STAFF)
async def export_json(request: AnyRequest, code: FromPath[str]) -> Response[bytes]:
    """The whole call as a JSON file."""
    call = await read_call(request, code)
    return _download(as_json(await call_file(call)), f"{call.code}.json", "application/json")


def _download(body: bytes, name: str, media_type: str) -> Response[bytes]:
    return Response(body, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@get("/calls/import", opt=STAFF)
async def import_page(request: AnyRequest) -> Response[Any]:
    """Where the file of a call is given."""
    return _upload(request, await choices_for(request), {})


def _upload(request: AnyRequest, choices: Choices, errors: dict[str, str]) -> Response[Any]:
    status = 422 if errors else 200
    return page(request, "calls/import.html", choices=choices, errors=errors, status_code=status)


@post("/calls/import", opt=STAFF, request_max_body_size=UPLOAD_BYTES_MAX)
async def import_preview(request: AnyRequest) -> Response[Any]:
    """What the file would make; nothing is written."""
    choices = await choices_for(request)
    sent = (await request.form()).get("file")
    body = await sent.read() if isinstance(sent, UploadFile) else b""
    try:
        if not body:
            raise Invalid({"file": _("Choisissez un fichier.")})
        file = await asyncio.to_thread(read_call_file, body)
    except Invalid as wrong:
        return _upload(request, choices, wrong.errors)
    values = filled(file=_packed(body), programme=choices.programme, **_proposed(file, choices, now()))
    return await _preview(request, choices, file, values, {}, "")


async def _preview(
    request: AnyRequest, choices: Choices, file: CallFile, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    return page(
        request,
        "calls/import_preview.html",
        choices=choices,
        file=file,
        values=values,
        errors=errors,
        reason=reason,
        why_not=rules.why_not_file(file),
        form_version=await form_like(choices.programme, file.form),
        grid_version=await grid_like(choices.programme, file.grid),
        plan_version=await plan_like(choices.programme, file.plan),
        is_moved=file.call is not None and file.call.closes_at <= now(),
        once=new_once(),
    )


@post("/calls/import/draft", opt=STAFF, request_max_body_size=PACKED_BYTES_MAX)
async def import_draft(request: AnyRequest) -> Response[Any]:
    """Make a draft of the file that was just shown."""
    choices = await choices_for(request)

    async def act(form: ImportForm) -> str:
        file = await asyncio.to_thread(_unpacked, form.file)
        fields = ImportFields(**{name: getattr(form, name) for name in ImportFields.__struct_fields__})
        return f"/calls/{(await import_call(file, fields, by=request.user, at=now())).code}/checklist"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        try:
            file = await asyncio.to_thread(_unpacked, values.file)
        except Invalid as wrong:
            return _upload(request, choices, wrong.errors)
        here = {name: told for name, told in errors.items() if name in ImportFields.__struct_fields__}
        elsewhere = next((told for name, told in errors.items() if name not in here), "")
        return await _preview(request, choices, file, values, here, reason or elsewhere)

    notice = _("L’appel est importé en brouillon. Voici ce qu’il lui faut encore avant d’être publié.")
    return await submit(request, ImportForm, act, shown, notice=notice)


def _packed(body: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(body)).decode()


def _unpacked(text: str) -> CallFile:
    """The file again; never more of it than a file may hold. Raises `Invalid`."""
    try:
        opened = zlib.decompressobj()
        body = opened.decompress(base64.urlsafe_b64decode(text.encode("ascii")), FILE_BYTES_MAX + 1)
    except (ValueError, zlib.error):
        raise Invalid({"file": _("Redonnez le fichier : cette page ne l’a plus.")}) from None
    return read_call_file(body)


def _proposed(file: CallFile, choices: Choices, at: datetime) -> dict[str, Any]:
    """The code and the dates of the file; the next free code when it is taken, the same weekdays to come when they are past."""
    if file.call is None:
        return {"code": rules.proposed_code(choices.code, choices.codes, local(at).year)}
    weeks = 0 if file.call.closes_at > at else rules.weeks_to_next(file.call.opens_at, at)
    opens_at, closes_at = (rules.weeks_later(instant, weeks) for instant in (file.call.opens_at, file.call.closes_at))
    is_free = file.call.code not in choices.codes
    code = file.call.code if is_free else rules.proposed_code(choices.code, choices.codes, local(opens_at).year)
    notify_on = file.call.notify_on + timedelta(weeks=weeks)
    return {"code": code, "notify_on": notify_on} | instant_fields(opens_at=opens_at, closes_at=closes_at)


HANDLERS = [export_yaml, export_json, import_page, import_preview, import_draft]
