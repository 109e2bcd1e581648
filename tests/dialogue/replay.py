"""Play transcripts: `python -m tests.dialogue.replay NAME ...` writes them again from the person's
lines and prints them. What the lines mean stands in bot/cli/transcript.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.cli import transcript
from tests.dialogue.phone import Phone

FOLDER = Path(__file__).parent / "transcripts"


def replayed(text: str) -> str:
    return transcript.replayed(Phone(), text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        file = FOLDER / f"{name}.txt"
        file.write_text(replayed(file.read_text()))
        print(file.read_text())
