"""Trains the small classifier beside the danger lists: python -m tests.danger.train

Needs scikit-learn, which neither running Heard nor its tests need. Learns from tuning.jsonl,
extra.jsonl and cases.toml, never from the locked part. Where it counts is told by cross-validation:
by itself at the weight that FALSE_ALARMS of ordinary complaints reach, and as the second look at a
line of the lists below DOUBT.
"""

import base64
import json
import random
import sys
import tomllib
from math import sqrt
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.dialogue.danger import Lexicon, spoken
from bot.dialogue.danger_grams import BUCKETS, MOST, pieces, windows
from bot.dialogue.danger_lexicon import alike
from config import danger

HERE = Path(__file__).parent
OUT = Path(danger.FOLDER) / "en.weights.toml"
FALSE_ALARMS = 0.018
DOUBT = -0.5  # in natural logarithms of odds, as the threshold that is printed
FOLDS = 8
STRENGTH = 10.0  # scikit-learn's C; 3 to 30 did alike
LONG = 4  # windows; those of a longer message weigh less, each by itself
SEED = 20261122


def messages():
    """Every message to learn from, as (text, danger, ordinary, whether its label is a measure)."""
    for part, measure in (("tuning", True), ("extra", False)):
        lines = (HERE / "labelled" / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
        for row in map(json.loads, lines):
            text = row.get("text") or "\n".join(row["texts"])
            yield text, row["danger"], row["kind"] == "ordinary", measure
    cases = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))
    for name, family in cases.items():
        if name != "split":
            yield from ((text, True, False, False) for text in family["danger"])
            yield from ((text, False, False, False) for text in family["safe"])


class Windows:
    """All windows of all messages as one matrix, with whose they are."""

    def __init__(self, rows, lists):
        lexicon, meant = Lexicon.of(lists), alike(lists)
        every, owners, self.whole = [], [], []
        for at, (text, *_) in enumerate(rows):
            seen = [one for one in windows(spoken(text, lexicon)) if one] or [("_",)]
            longest = max(range(len(seen)), key=lambda one: len(seen[one]))
            short = sum(map(len, spoken(text, lexicon))) <= MOST
            self.whole.append(len(every) + longest if short else -1)
            every += seen
            owners += [at] * len(seen)
        self.owner = np.array(owners)
        self.whole = np.array(self.whole)
        self.danger = np.array([bool(row[1]) for row in rows])
        self.many = np.bincount(self.owner)
        self.matrix = matrix([pieces(window, meant) for window in every])

    def gravest(self, model):
        """The window of each message that weighs most, and what it weighs."""
        weights = model.decision_function(self.matrix)
        order = np.lexsort((weights, self.owner))
        last = np.append(self.owner[order][1:] != self.owner[order][:-1], True)
        return order[last], weights[order[last]]


def matrix(found):
    values, columns, ends = [], [], [0]
    for parts in found:
        for part in parts:
            columns += sorted(part)
            values += [1 / sqrt(len(part))] * len(part)
        ends.append(len(columns))
    return csr_matrix((values, columns, ends), shape=(len(found), BUCKETS))


def fitted(seen, learnt):
    """A model on the messages `learnt`: first on whole short ones, then on the gravest windows too,
    since of a long message only one sentence is grave and nobody has said which.
    """
    safe = np.where((~seen.danger & learnt)[seen.owner])[0]
    lighter = np.minimum(1, LONG / seen.many[seen.owner[safe]])
    grave = seen.danger & learnt
    whole = seen.whole[grave & (seen.whole >= 0)]
    first, weight = whole, np.ones(len(whole))
    for _ in range(2):
        chosen = np.concatenate([first, safe])
        labels = np.arange(len(chosen)) < len(first)
        model = LogisticRegression(
            C=STRENGTH, solver="liblinear", dual=True, tol=1e-3, max_iter=1000, random_state=1
        )
        model.fit(seen.matrix[chosen], labels, sample_weight=np.append(weight, lighter))
        best, _ = seen.gravest(model)
        first = np.concatenate([best[grave], whole])
        weight = np.append(np.ones(grave.sum()), np.full(len(whole), 0.5))
    return model


def threshold(rows, seen):
    """The weight that FALSE_ALARMS of ordinary complaints reach when they are not learnt from."""
    chance = random.Random(SEED)
    fold = np.array([chance.randrange(FOLDS) if row[3] else -1 for row in rows])
    told = np.zeros(len(rows))
    for one in range(FOLDS):
        _, weights = seen.gravest(fitted(seen, fold != one))
        told[fold == one] = weights[fold == one]
    ordinary = sorted(told[[row[2] and row[3] for row in rows]])
    least = ordinary[-1 - int(len(ordinary) * FALSE_ALARMS)] + 1e-6
    graves = told[seen.danger & (fold >= 0)]
    print(f"alone, cross-validated: recall {(graves >= least).mean():.3f} at {least:.2f}")
    return least


def packed(model, least):
    """Weights as bytes; what the model adds before them, and thresholds, on the same scale."""
    weights = model.coef_[0]
    step = max(abs(weights)) / 127
    bytes_ = bytes(round(weight / step) + 128 for weight in weights)
    scale = 1024 / step
    return {
        "bias": str(round(model.intercept_[0] * scale)),
        "least": str(round(least * scale)),
        "doubt": str(round(DOUBT * scale)),
        "weights": base64.b85encode(bytes_).decode(),
    }


def main():
    rows = list(messages())
    seen = Windows(rows, danger.load("en"))
    least = threshold(rows, seen)
    data = packed(fitted(seen, np.ones(len(rows), dtype=bool)), least)
    wide = "\n".join(data["weights"][at : at + 96] for at in range(0, len(data["weights"]), 96))
    numbers = "".join(f'{name} = "{data[name]}"\n' for name in ("bias", "least", "doubt"))
    OUT.write_text(
        "# Made by tests/danger/train.py; not for editing by hand.\n"
        f"{numbers}weights = '''\n{wide}'''\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
