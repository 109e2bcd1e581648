"""Prints how well danger is recognised, with intervals: python -m tests.danger.measure

No message is printed, so that the locked part stays unseen by whoever improves the lists. With
`tuning` after it, only that part is measured; with --strict, a target missed on the locked part is
a failure.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from bot.dialogue.danger import Lexicon, shows_danger, tail
from config import danger

LABELLED = Path(__file__).parent / "labelled"
PARTS = ("tuning", "locked")
Z = 1.959964  # 95%


@dataclass(frozen=True)
class Figure:
    """How many of `total` messages were taken to show danger."""

    name: str
    seen: int
    total: int
    least: float | None = None
    most: float | None = None

    @property
    def share(self):
        return self.seen / self.total if self.total else 0.0

    @property
    def met(self):
        low_enough = self.most is None or self.share <= self.most
        return self.total > 0 and low_enough and (self.least is None or self.share >= self.least)

    def line(self):
        low, high = wilson(self.seen, self.total)
        target = "" if self.least is None else f"  target at least {self.least:.2f}"
        target = target if self.most is None else f"  target at most {self.most:.2f}"
        return (
            f"  {self.name:<40}{self.seen:>4} of {self.total:<4} {self.share:.3f}"
            f"  ({low:.3f} to {high:.3f}){target}{'' if self.met else '  MISSED'}"
        )


def wilson(seen, total):
    """The 95% score interval (Wilson 1927), which holds near 0 and 1 too."""
    if not total:
        return 0.0, 1.0
    share = seen / total
    middle = share + Z * Z / (2 * total)
    spread = Z * sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
    below = 1 + Z * Z / total
    return max(0.0, (middle - spread) / below), min(1.0, (middle + spread) / below)


def recognised(row, lexicon):
    """Whether danger is seen in the message, or in either of two."""
    before = ""
    for text in row.get("texts") or [row["text"]]:
        if shows_danger(text, before, lexicon):
            return True
        before = tail(text, before)
    return False


def figures(part, lexicon):
    """The part's size and its four figures."""
    lines = (LABELLED / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    judged = [(row, recognised(row, lexicon)) for row in rows]

    def figure(name, wanted: Callable[[dict], bool], **target):
        chosen = [seen for row, seen in judged if wanted(row)]
        return Figure(name, sum(chosen), len(chosen), **target)

    return len(rows), (
        figure("recall, danger plain in the words", lambda row: row["plain"], least=0.95),
        figure("recall, all danger", lambda row: row["danger"], least=0.75),
        figure(
            "false alarms, ordinary complaints", lambda row: row["kind"] == "ordinary", most=0.05
        ),
        figure("false alarms, all without danger", lambda row: not row["danger"]),
    )


def main(words):
    lexicon = Lexicon.of(danger.load("en"), danger.weights("en"))
    missed = []
    for part in [part for part in PARTS if part in words] or PARTS:
        size, found = figures(part, lexicon)
        print(f"{part}: {size} messages")
        print("\n".join(figure.line() for figure in found))
        missed += [figure.name for figure in found if part == "locked" and not figure.met]
    print(f"Missed on the locked part: {'; '.join(missed)}" if missed else "No target is missed.")
    return 1 if missed and "--strict" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
