"""Saves the world to a JSON file and reads it back, so that a kept demo goes on."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.sandbox.webhook import Webhook
from bot.sandbox.world import Chat, Message, Person, Query, World

Json = dict[str, Any]

FORMAT = 1


def to_json(world: World, webhook: Json | None) -> Json:
    """Everything that ``load`` needs."""
    return {
        "format": FORMAT,
        "people": [asdict(person) for person in world.people.values()],
        "chats": [_chat(chat) for chat in world.chats.values()],
        "queries": [asdict(query) for query in world.queries.values()],
        "sent": world.sent,
        "profile": world.profile,
        "last_message_id": world.last_message_id,
        "updates": world.updates.to_json(),
        "files": world.files.to_json(),
        "webhook": webhook,
    }


def _chat(chat: Chat) -> Json:
    return asdict(chat) | {"messages": [asdict(message) for message in chat.messages.values()]}


def load(world: World, saved: Json) -> Webhook | None:
    """Fill an empty world; returns the webhook that was set. Raises ValueError, format unknown."""
    if saved.get("format") != FORMAT:
        raise ValueError("this state file was written by another version of the sandbox")
    world.people = {entry["id"]: Person(**entry) for entry in saved["people"]}
    for entry in saved["chats"]:
        messages = {one["id"]: Message(**one) for one in entry["messages"]}
        world.chats[entry["id"]] = Chat(**(entry | {"messages": messages}))
        world.news.touch(entry["id"])
    world.queries = {entry["id"]: Query(**entry) for entry in saved["queries"]}
    world.sent = saved["sent"]
    world.profile = saved["profile"]
    world.last_message_id = saved["last_message_id"]
    world.updates.load(saved["updates"])
    world.files.load(saved.get("files", []))
    return None if saved["webhook"] is None else Webhook(**saved["webhook"])


def save_file(path: Path, state: Json) -> None:
    """Write the file whole or not at all; for its owner alone, as it holds words."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(state, file)
    part.replace(path)


def load_file(path: Path) -> Json:
    """Read what ``save_file`` wrote."""
    saved: Json = json.loads(path.read_text("utf-8"))
    return saved
