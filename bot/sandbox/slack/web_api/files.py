"""``files.*``: an upload in three steps, and the file afterwards."""

from typing import Any

from aiohttp import web

from bot.sandbox.slack import posting
from bot.sandbox.slack.backend import Backend
from bot.sandbox.slack.entities import File, Json
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.posting import Place
from bot.sandbox.slack.web_api.call import Call
from bot.sandbox.slack.web_api.places import postable_channel

MAX_FILE_BYTES = 20_000_000
"""Enough for contact sheets; Slack itself takes a gigabyte."""
_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


async def get_upload_url(backend: Backend, call: Call) -> Json:
    """Announce a file by name and length; the answer tells where to send it."""
    name, length = call.required("filename"), call.number("length", 0)
    if length <= 0:
        raise ApiError("missing_argument")
    if length > MAX_FILE_BYTES:
        raise ApiError("file_upload_size_restricted")
    file_id = f"F{backend.workspace.number():010X}"
    file = File(file_id, name, length, title=name, alt_text=call.text("alt_txt") or None)
    backend.workspace.files[file_id] = file
    return {"upload_url": f"{backend.base_url}/upload/v1/{file_id}", "file_id": file_id}


async def complete_upload(backend: Backend, call: Call) -> Json:
    """Finish uploads, and share them where ``channel_id`` says."""
    files = [_finish(backend, entry) for entry in call.structured("files", list)]
    if call.text("channel_id"):
        channel = postable_channel(backend, call.text("channel_id"))
        words = {"text": call.text("initial_comment"), "blocks": call.arguments.get("blocks")}
        has_words = words["text"] or words["blocks"]
        content = await posting.accept(backend, words if has_words else {"text": files[0].title})
        place = Place(channel.id, call.text("thread_ts") or None)
        posting.post(backend, place, content, files=files)
    return {"files": [file_json(backend, file) for file in files]}


def _finish(backend: Backend, entry: Any) -> File:
    file = backend.workspace.files.get(entry.get("id", "") if isinstance(entry, dict) else "")
    if file is None or file.content is None:
        raise ApiError("file_not_found")
    file.title = entry.get("title") or file.name
    file.is_complete = True
    return file


async def info(backend: Backend, call: Call) -> Json:
    """Describe a file."""
    file = backend.workspace.files.get(call.required("file"))
    if file is None:
        raise ApiError("file_not_found")
    return {"file": file_json(backend, file)}


def file_json(backend: Backend, file: File) -> Json:
    """Write a file as the Web API shows it."""
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "mimetype": mime_type(file.content or b""),
        "size": file.length,
        "alt_txt": file.alt_text,
        "url_private": f"{backend.base_url}/page/files/{file.id}",
    }


def mime_type(content: bytes) -> str:
    """Tell a picture from its first bytes; anything else is just bytes."""
    kinds = (kind for magic, kind in _TYPES.items() if content.startswith(magic))
    return next(kinds, "application/octet-stream")


def add_routes(app: web.Application, backend: Backend) -> None:
    """Take uploads, and serve files to the page."""

    async def upload(request: web.Request) -> web.Response:
        file = _found(backend, request)
        content = await _read(request)
        if len(content) != file.length:
            return web.Response(status=400, text="the length is not the announced one")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def download(request: web.Request) -> web.Response:
        content = _found(backend, request).content or b""
        return web.Response(body=content, content_type=mime_type(content))

    app.router.add_post("/upload/v1/{file_id}", upload)
    app.router.add_get("/page/files/{file_id}", download)


def _found(backend: Backend, request: web.Request) -> File:
    file = backend.workspace.files.get(request.match_info["file_id"])
    if file is None:
        raise web.HTTPNotFound
    return file


async def _read(request: web.Request) -> bytes:
    """Read the raw body, or the one file of a multipart form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    fields = await request.post()
    files = (value.file.read() for value in fields.values() if isinstance(value, web.FileField))
    return next(files, b"")
