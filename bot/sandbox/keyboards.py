"""What Telegram demands of buttons beyond their types."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.refusals import bad_request

CALLBACK_BYTES = 64
"""Largest ``callback_data`` (Bot API, ``InlineKeyboardButton``)."""

MOST_BUTTONS = 100
"""Telegram refuses a keyboard of more buttons than this; measured by bot makers, not documented."""


def checked(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The markup, or None for one without buttons. Raises the 400 that Telegram answers to a bad
    one.
    """
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        rows = [row for row in markup["inline_keyboard"] if row]
        for button in _counted(rows):
            _inline(button)
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        for button in _counted(markup["keyboard"]):
            text = button if isinstance(button, str) else button["text"]
            if not text.strip():
                raise bad_request("keyboard button text must be non-empty")
    return markup


def _counted(rows: list[list[Any]]) -> list[Any]:
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return buttons


def _inline(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if button.keys() <= {"text", "style", "icon_custom_emoji_id"}:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if (
        "callback_data" in button
        and not 0 < len(button["callback_data"].encode()) <= CALLBACK_BYTES
    ):
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        _link(button["url"])


def _link(url: str) -> None:
    """Unlike Telegram, the sandbox lets a button open a page on this machine: the demo's console
    lives there.
    """
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname or ""
    except ValueError:
        scheme, host = "", ""
    is_web = scheme in ("http", "https") and ("." in host or ":" in host or host == "localhost")
    if not (is_web or (scheme in ("tg", "ton") and host)):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
