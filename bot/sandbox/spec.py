"""Checks a call's fields against Telegram's published Bot API, so that what Telegram would refuse
is refused here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.sandbox.refusals import RefusedError, bad_request

SPEC_FILE = Path(__file__).with_name("bot_api.json")
TRUE_WORDS = frozenset({"true", "yes", "1"})
FALSE_WORDS = frozenset({"false", "no", "0"})

UNPARSABLE = {
    "reply_markup": "can't parse reply keyboard markup JSON object",
    "reply_parameters": "can't parse reply parameters JSON object",
    "commands": "can't parse commands JSON object",
    "scope": "can't parse BotCommandScope JSON object",
    "link_preview_options": "can't parse link preview options JSON object",
}
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
}
"""Wording of the open Bot API server for the fields where it has one of its own."""


class IllTypedError(Exception):
    """A value that does not have the shape which the Bot API gives it."""


class Spec:
    """The served methods and the types that their fields reach."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.version = str(data["version"])
        self._methods: dict[str, dict[str, list[str]]] = data["methods"]
        self._types: dict[str, dict[str, Any]] = data["types"]
        self._names: dict[str, str] = {name.lower(): name for name in self._methods}

    @classmethod
    def load(cls) -> Spec:
        """Read the facts that lie beside this module."""
        data: dict[str, Any] = json.loads(SPEC_FILE.read_text("utf-8"))
        return cls(data)

    def method(self, name: str) -> str:
        """The method's name as documented; Telegram does not mind its case. Raises a 404."""
        try:
            return self._names[name.lower()]
        except KeyError:
            raise RefusedError(404, "Not Found") from None

    def check(self, method: str, raw: Mapping[str, object]) -> dict[str, Any]:
        """The call's fields with their proper types. Raises a 400 for any that Telegram does not
        know or accept.
        """
        fields = self._methods[method]
        for name in raw:
            if name not in fields:
                raise bad_request(f'unknown field "{name}" in {method}')
        checked: dict[str, Any] = {}
        for name, types in fields.items():
            value = raw.get(name)
            if value is None or (value == "" and types[-1] != "String"):
                if types[0] == "required":
                    raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
                continue
            checked[name] = self._argument(name, types, value)
        return checked

    def _argument(self, name: str, types: list[str], value: object) -> Any:
        wanted = [kind for kind in types if kind != "required"]
        try:
            if isinstance(value, str):
                value = _from_text(name, wanted, value)
            self._value(name, wanted, value)
        except IllTypedError as error:
            raise bad_request(str(error)) from None
        return value

    def _value(self, path: str, types: list[str], value: object) -> None:
        complaint: IllTypedError | None = None
        for kind in sorted(types, key=lambda kind: self._strangers(kind, value)):
            try:
                return self._one(path, kind, value)
            except IllTypedError as error:
                complaint = complaint or error
        raise complaint or IllTypedError(f'field "{path}" has no type')

    def _strangers(self, kind: str, value: object) -> int:
        """How many of an object's fields this type does not know: the type that was meant knows
        most.
        """
        if not isinstance(value, dict):
            return 0
        return len(value.keys() - self._types.get(kind, {}).get("fields", {}).keys())

    def _one(self, path: str, kind: str, value: object) -> None:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                raise IllTypedError(f'field "{path}" must be an Array')
            for index, item in enumerate(value):
                self._one(f"{path}[{index}]", kind.removeprefix("Array of "), item)
        elif kind in self._types:
            self._object(path, kind, value)
        elif not _is_plain(kind, value):
            raise IllTypedError(f'field "{path}" must be of type {kind}')

    def _object(self, path: str, kind: str, value: object) -> None:
        shape = self._types[kind]
        if "subtypes" in shape:
            self._value(path, shape["subtypes"], value)
            return
        if not isinstance(value, dict):
            raise IllTypedError(f'field "{path}" must be an Object')
        fields: dict[str, list[str]] = shape["fields"]
        for name in value:
            if name not in fields:
                raise IllTypedError(f'unknown field "{path}.{name}" of {kind}')
        for name, types in fields.items():
            if name in value:
                self._value(f"{path}.{name}", [t for t in types if t != "required"], value[name])
            elif types[0] == "required":
                raise IllTypedError(f'can\'t find field "{path}.{name}" of {kind}')


def _is_plain(kind: str, value: object) -> bool:
    match kind:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean" | "True":
            return isinstance(value, bool) and (kind == "Boolean" or value)
        case "String":
            return isinstance(value, str) and _is_unicode(value)
        case "InputFile":
            return isinstance(value, bytes)
    return False


def _is_unicode(text: str) -> bool:
    """JSON can escape half a surrogate pair, which is no text; Telegram refuses it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise IllTypedError("strings must be encoded in UTF-8") from None
    return True


def _from_text(name: str, wanted: list[str], text: str) -> object:
    """A form carries everything as text; nested values as JSON."""
    if "Integer" in wanted:
        try:
            return int(text)
        except ValueError:
            if "String" in wanted:
                return text
            raise IllTypedError(f'field "{name}" must be of type Integer') from None
    if "String" in wanted:
        return text
    if "Boolean" in wanted:
        if text.lower() not in TRUE_WORDS | FALSE_WORDS:
            raise IllTypedError(f'field "{name}" must be of type Boolean')
        return text.lower() in TRUE_WORDS
    try:
        return json.loads(text)
    except ValueError:
        raise IllTypedError(UNPARSABLE.get(name, f"can't parse {name} JSON object")) from None
