"""Which passphrases are refused. A passphrase opens everything its owner may read, and a stolen
database lets a thief try as many as he can pay for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from zxcvbn import zxcvbn

# A floor for words that a person must remember; NIST SP 800-63B asks for a length, no mixture.
LEAST: Final = 12
STRONG: Final = 3  # of zxcvbn's 0 to 4: "safely unguessable", at least 10^8 guesses
# What is looked at. It takes 0.05 s for so many characters and grows with their square; more
# characters never make a passphrase weaker.
LOOKED_AT: Final = 100
LONGEST: Final = 1024  # characters; the sign-in reads no more


def fault(passphrase: str, about: Iterable[str]) -> str:
    """What is wrong with a passphrase and what to do, in one or two sentences; "" when it is good.

    `about`: names that whoever guesses would try first (their own, the organisation's, teams').
    Takes up to a tenth of a second of processor time.
    """
    if len(passphrase) < LEAST:
        return f"That passphrase is too short: use at least {LEAST} characters."
    if len(passphrase) > LONGEST:
        return f"That passphrase is too long: use at most {LONGEST} characters."
    names = [part for name in about for part in (name, *name.split()) if len(part) > 2]
    start = passphrase[:LOOKED_AT].casefold()
    bare = start
    for name in sorted(names, key=len, reverse=True):
        bare = bare.replace(name.casefold(), " ")
    # Spaces between the same word hide from it that the word is said again, and three names in a
    # row count as strong with it, whatever is known of them.
    for text in (start, "".join(start.split()), "".join(bare.split())):
        if not text:
            return _worded(set())
        found: dict[str, Any] = zxcvbn(text, user_inputs=names, max_length=LOOKED_AT)
        if found["score"] < STRONG:
            return _worded({one["pattern"] for one in found["sequence"]})
    return ""


def _worded(patterns: set[str]) -> str:
    if "repeat" in patterns:
        why = "it repeats itself"
    elif patterns & {"sequence", "spatial"}:
        why = "it runs along the alphabet or the keyboard"
    elif "date" in patterns:
        why = "it holds a date"
    else:
        why = "it is made of a name or of common words"
    return (
        f"That passphrase is soon guessed: {why}. Use four or more words that have nothing to do "
        "with each other."
    )
