"""What Telegram shows of the bot beside the talk: the menu of commands, and the empty chat."""

from __future__ import annotations

from typing import Final

from bot.channel.application import Profile
from config.wording import Wording

COMMANDS: Final = ("start", "concerns", "changes", "help", "language", "mydata", "stop")
"""In the order of the menu. Others that are understood (link, forget) are told where they are
needed; nobody should tap them by mistake."""


def profile(wording: Wording) -> Profile:
    """The commands with their descriptions, and the texts of the empty chat and the profile."""
    return Profile(
        tuple((name, wording.text(f"command.{name}")) for name in COMMANDS),
        wording.text("command.description"),
        wording.text("command.short-description"),
    )
