"""Message text as Telegram treats it: trimmed, counted, and with HTML turned into entities."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from bot.sandbox.refusals import bad_request

LONGEST = 4096
"""Characters of one message after entities are parsed (Bot API, ``sendMessage``)."""

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-spoiler": "spoiler",
    "a": "text_link",
}  # fmt: skip


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts entity offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self._open: list[tuple[str, dict[str, Any]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise bad_request(f'can\'t parse entities: unsupported start tag "{tag}"')
        entity: dict[str, Any] = {"type": TAGS[tag], "offset": utf16_length(self.text)}
        if tag == "a":
            entity["url"] = dict(attrs).get("href") or ""
        self._open.append((tag, entity))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise bad_request(f'can\'t parse entities: unmatched end tag "{tag}"')
        _, entity = self._open.pop()
        entity["length"] = utf16_length(self.text) - entity["offset"]
        if entity["length"]:
            self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        self.text += data

    def finish(self) -> None:
        self.close()
        if self._open:
            raise bad_request(f"can't parse entities: can't find end tag \"{self._open[-1][0]}\"")


def parsed(text: str, parse_mode: str | None) -> tuple[str, list[dict[str, Any]]]:
    """The words and their entities. Raises a 400 for broken HTML and for modes that the sandbox
    does not speak.
    """
    if not parse_mode:
        return text, []
    if parse_mode.lower() in ("markdown", "markdownv2"):
        raise bad_request(
            f"parse_mode {parse_mode} is not served by the sandbox; use HTML or entities"
        )
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    reader = _Html()
    reader.feed(text)
    reader.finish()
    return reader.text, sorted(
        reader.entities, key=lambda entity: (entity["offset"], -entity["length"])
    )


def content(arguments: dict[str, Any]) -> dict[str, Any]:
    """The body of a text message from a call's fields. Raises the 400s for empty and for over-long
    text.
    """
    words, entities = parsed(arguments.get("text", ""), arguments.get("parse_mode"))
    entities = entities or arguments.get("entities", [])
    trimmed = words.strip()
    if not trimmed:
        raise bad_request("message text is empty")
    if len(trimmed) > LONGEST:
        raise bad_request("message is too long")
    body: dict[str, Any] = {"text": trimmed}
    lead = utf16_length(words[: len(words) - len(words.lstrip())])
    total = utf16_length(trimmed)
    moved = [_moved(entity, lead, total) for entity in entities]
    kept = [entity for entity in moved if entity["length"] > 0]
    return body | {"entities": kept} if kept else body


def _moved(entity: dict[str, Any], lead: int, total: int) -> dict[str, Any]:
    start = max(entity["offset"] - lead, 0)
    end = min(entity["offset"] + entity["length"] - lead, total)
    return entity | {"offset": start, "length": end - start}
