"""The bot's commands and descriptions, per scope and language."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.sandbox.methods import Method
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import World

Json = dict[str, Any]

COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
MOST_COMMANDS = 100
LONGEST_COMMAND_DESCRIPTION = 256
LONGEST = {"description": 512, "short_description": 120}
"""Limits of the Bot API's ``BotCommand``, ``setMyDescription`` and ``setMyShortDescription``."""


def scope_key(scope: Json, language_code: str = "") -> str:
    """Under which commands for this scope and language are kept."""
    return json.dumps([scope, language_code], sort_keys=True)


def _scope(arguments: Json) -> str:
    scope = arguments.get("scope", {"type": "default"})
    return scope_key(scope, arguments.get("language_code", ""))


def _seen_by_all(world: World) -> bool:
    for chat_id in world.chats:
        world.news.touch(chat_id)
    return True


def set_my_commands(world: World, arguments: Json) -> bool:
    """Replace the commands of one scope and language."""
    commands = arguments["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 0 < len(command["description"]) <= LONGEST_COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile["commands"][_scope(arguments)] = commands
    return _seen_by_all(world)


def get_my_commands(world: World, arguments: Json) -> list[Json]:
    """The commands of exactly this scope and language."""
    commands: list[Json] = world.profile["commands"].get(_scope(arguments), [])
    return commands


def delete_my_commands(world: World, arguments: Json) -> bool:
    """Forget the commands of one scope and language."""
    world.profile["commands"].pop(_scope(arguments), None)
    return _seen_by_all(world)


def _setter(field: str) -> Method:
    def set_text(world: World, arguments: Json) -> bool:
        words = arguments.get(field, "")
        if len(words) > LONGEST[field]:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        world.profile[field][arguments.get("language_code", "")] = words
        return _seen_by_all(world)

    return set_text


def _getter(field: str) -> Method:
    def get_text(world: World, arguments: Json) -> Json:
        texts = world.profile[field]
        return {field: texts.get(arguments.get("language_code", ""), texts.get("", ""))}

    return get_text


METHODS: dict[str, Method] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
}
