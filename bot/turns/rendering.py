"""From a wording key to the message a phone shows: text and rows of buttons, as JSON bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.casework.model import TellPerson
from bot.dialogue.model import Button, Tell
from config.wording import Wording

Row = Sequence[Mapping[str, str]]

# Choices that come with words about a concern: wording key of the label, choice.
ASKS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "answered": (("button.answered-yes", "yes"), ("button.answered-no", "not-really")),
    "reopen": (("button.reopen", "reopen"),),
}


def body(text: str, rows: Sequence[Row] = ()) -> bytes:
    """The payload of an outbox row."""
    return json.dumps({"text": text, "rows": rows}, ensure_ascii=False).encode()


def tell_body(tell: Tell, wording: Wording) -> bytes:
    rows = [[_button(button, tell.step, wording) for button in row] for row in tell.rows]
    return body(wording.text(tell.key, **tell.params), rows)


def person_body(tell: TellPerson, concern_id: str, wording: Wording) -> bytes:
    """Words about a concern, with the buttons that let the person answer them."""
    rows = [
        [{"label": wording.text(label), "data": f"a:{concern_id}:{choice}"}]
        for label, choice in (ASKS[tell.ask] if tell.ask else ())
    ]
    return body(wording.text(tell.key, **tell.params), rows)


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
