"""From a wording key to the message a phone shows: text and rows of buttons, as JSON bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.casework.model import TellPerson
from bot.dialogue.effects import Button, Tell
from config.wording import Wording

TELEGRAM_LIMIT: Final = 4096  # of one message (Bot API, sendMessage)

Row = Sequence[Mapping[str, str]]

# Choices that come with words about a concern: wording key of the label, choice.
ASKS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "answered": (("button.answered-yes", "yes"), ("button.answered-no", "not-really")),
    "reopen": (("button.reopen", "reopen"),),
    "question": (("button.reply", "reply"), ("button.skip", "skip-question")),
    "talk-offer": (("button.talk-yes", "talk-yes"), ("button.talk-no", "talk-no")),
    "merge": (("button.merge-yes", "merge-yes"), ("button.merge-no", "merge-no")),
}


def body(text: str, rows: Sequence[Row] = (), subject: str | None = None) -> bytes:
    """The payload of an outbox row. The subject is for e-mail alone."""
    said = {"text": text, "rows": rows} | ({"subject": subject} if subject else {})
    return json.dumps(said, ensure_ascii=False).encode()


def document_body(name: str, text: str, caption: str, rows: Sequence[Row] = ()) -> bytes:
    """The payload of an outbox row that is a file of text, with words beside it."""
    document = {"name": name, "text": text}
    said = {"document": document, "text": caption, "rows": rows}
    return json.dumps(said, ensure_ascii=False).encode()


def tell_body(tell: Tell, wording: Wording) -> bytes:
    rows = [[_button(button, tell.step, wording) for button in row] for row in tell.rows]
    return body(wording.text(tell.key, **tell.params), rows)


def news_body(tells: Sequence[TellPerson], concern_id: str, wording: Wording) -> bytes:
    """All that is told of a concern in one message, with the buttons that let the person answer."""
    rows = [
        [{"label": wording.text(label), "data": f"a:{concern_id}:{choice}"}]
        for tell in tells
        for label, choice in (ASKS[tell.ask] if tell.ask else ())
    ]
    return body(_joined(tells, wording), rows)


def in_messages(tells: Sequence[TellPerson], wording: Wording) -> Sequence[Sequence[TellPerson]]:
    """What there is to tell, as one message if it fits, else each in a message of its own."""
    if not tells or length(_joined(tells, wording)) <= TELEGRAM_LIMIT:
        return [tells] if tells else []
    return [[tell] for tell in tells]


def length(text: str) -> int:
    """A text's length as Telegram counts it: in UTF-16 code units (Bot API, MessageEntity)."""
    return len(text.encode("utf-16-le")) // 2


def too_long(tell: TellPerson, wording: Wording) -> bool:
    """Whether this does not fit into one message, with the sentences around staff's own words."""
    return length(_joined([tell], wording)) > TELEGRAM_LIMIT


def _joined(tells: Sequence[TellPerson], wording: Wording) -> str:
    return "\n\n".join(wording.text(tell.key, **tell.params) for tell in tells)


def notice_body(wording: Wording, key: str, held_id: str, **params: str | date) -> bytes:
    """A neutral push: a lock screen shows no word of what waits behind its button."""
    read = {"label": wording.text("button.read-it"), "data": f"n:{held_id}"}
    return body(wording.text(key, **params), [[read]])


def link_body(text: str, label: str, url: str) -> bytes:
    return body(text, [[{"label": label, "url": url}]])


def _button(button: Button, step: int, wording: Wording) -> dict[str, str]:
    label = button.label if button.literal else wording.text(button.label)
    if button.about is not None:
        return {"label": label, "data": f"a:{button.about}:{button.choice}"}
    return {"label": label, "data": f"p:{step}:{button.choice}"}
