"""Which passphrases are refused. A passphrase opens everything its owner may read, and a stolen
database lets a thief try as many as he can pay for.
"""

from __future__ import annotations

import re
from typing import Final

from bot.admin.model import Refused

# A floor for words that a person must remember; NIST SP 800-63B asks for a length, no mixture.
LEAST: Final = 12
LEAST_DIFFERENT: Final = 6  # characters that are not the same
_RUNS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_TIRED: Final = re.compile(
    r"pass(word|phrase)?|letmein|welcome|admin|changeme|secret|heard|nhs|hospital|monkey|dragon|"
    r"iloveyou|correct ?horse|battery ?staple|hunter2"
)


def check(passphrase: str, name: str) -> None:
    """Raises Refused, saying what to do, for a passphrase that is short or soon guessed."""
    if len(passphrase) < LEAST:
        raise Refused(f"That passphrase is too short: use at least {LEAST} characters.")
    if len(_remainder(passphrase.casefold(), name.casefold())) < LEAST_DIFFERENT:
        raise Refused(
            "That passphrase is soon guessed: it repeats itself, runs along the keyboard or is "
            "made of a name or a common word. Use four or more words that have nothing to do with "
            "each other."
        )


def _remainder(passphrase: str, name: str) -> set[str]:
    """The different characters that are left without names, common words and runs."""
    rest = _TIRED.sub("", passphrase)
    for word in name.split():
        if len(word) > 2:
            rest = rest.replace(word, "")
    for run in _RUNS:
        for way in (run, run[::-1]):
            for start in range(len(way) - 3):
                rest = rest.replace(way[start : start + 4], "")
    return set(rest)
