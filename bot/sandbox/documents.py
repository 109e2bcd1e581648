"""Files that the bot sends: posted into the chat, kept as real bytes, and opened on the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox import keyboards, render, text
from bot.sandbox.methods import open_chat
from bot.sandbox.refusals import RefusedError, bad_request
from bot.sandbox.world import World

Json = dict[str, Any]

MOST_SENT = 50 * 1024 * 1024
"""Bytes of a file that a bot can send (Bot API, ``sendDocument``)."""

LONGEST_CAPTION = 1024
"""Characters of a caption after entities are parsed (Bot API, ``sendDocument``)."""


class Upload(bytes):
    """A file as a multipart body brought it; ``name`` is what the sender called it."""

    name: str

    @classmethod
    def of(cls, content: bytes, name: str | None) -> Upload:
        """The bytes with their name."""
        upload = cls(content)
        upload.name = name or "file"
        return upload


def send_document(world: World, arguments: Json) -> Json:
    """Post a file into a chat, with a caption and buttons if there are any."""
    chat = open_chat(world, arguments["chat_id"])
    given = arguments["document"]
    if isinstance(given, str):
        raise bad_request("wrong file identifier/HTTP URL specified")
    if not given:
        raise bad_request("file must be non-empty")
    if len(given) > MOST_SENT:
        raise RefusedError(413, "Request Entity Too Large")
    caption, entities = text.parsed(arguments.get("caption", ""), arguments.get("parse_mode"))
    if text.utf16_length(caption) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    markup = keyboards.checked(arguments.get("reply_markup"))
    name = getattr(given, "name", "file")
    kept = world.files.keep("document", bytes(given), name)
    body: Json = {"document": {"file_name": name, "mime_type": "text/plain"} | kept}
    if caption:
        body["caption"] = caption
    if entities := arguments.get("caption_entities") or entities:
        body["caption_entities"] = entities
    message = world.post(chat, world.bot_id, body)
    message.markup = markup
    world.sent.append(
        {
            "chat_id": chat.id,
            "message_id": message.id,
            "text": caption,
            "document": name,
            "date": message.date,
            "silent": bool(arguments.get("disable_notification")),
        }
    )
    return render.message(world, message)


METHODS: dict[str, Callable[[World, Json], object]] = {"sendDocument": send_document}


def opened(world: World, request: Request) -> Response:
    """A document of a chat, as the phone opens it: shown as text, never run."""
    chat = world.chat(request.path_params["person"])
    message = chat.messages.get(request.path_params["message"])
    seen = message is not None and not (message.deleted or message.hidden)
    held = message.body.get("document") if message is not None and seen else None
    file = world.files.by_id.get(held["file_id"]) if held is not None else None
    if file is None:
        return Response(status_code=404)
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(file.content, 200, headers, "text/plain; charset=utf-8")
