"""The rehearsal's phone for tests: see bot/cli/rehearsal.py, where `heard talk` has it too."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cli.rehearsal import Rehearsal, Shown
from bot.cli.stage import INDEPENDENT, NOW, PLACES, STAFF, Stage, member
from bot.dialogue.effects import Button
from bot.dialogue.model import Talk

__all__ = [
    "INDEPENDENT",
    "NOW",
    "PLACES",
    "STAFF",
    "TODAY",
    "WORDING",
    "Phone",
    "Shown",
    "label_of",
    "member",
]

ROWAN, NORTH = PLACES
STAGE = Stage.load()
TODAY = NOW.date()
WORDING = STAGE.wording(Talk(), NOW)


@dataclass
class Phone(Rehearsal):
    stage: Stage = STAGE


def label_of(button: Button) -> str:
    return button.label if button.literal else WORDING.text(button.label)
