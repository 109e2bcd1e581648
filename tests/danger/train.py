"""Trains the small classifier beside the danger lists: python -m tests.danger.train

Needs scikit-learn, which neither running Heard nor its tests need. Learns from the tuning part of
the labelled set and from cases.toml, never from the locked part. The threshold is the one at which
1% of the tuning messages without danger would be seen, told by five-fold cross-validation.
"""

import base64
import json
import sys
import tomllib
from math import sqrt
from pathlib import Path

from bot.dialogue.danger import Lexicon, plainly
from bot.dialogue.danger_grams import BUCKETS, Grams, pieces
from config import danger

HERE = Path(__file__).parent
OUT = Path(danger.FOLDER) / "en.weights.toml"
FALSE_ALARMS = 0.01
SHORT = 40  # words; of a longer message it is not known which sentence is the grave one
FOLDS = 5
STRENGTH = 10.0  # scikit-learn's C; 3 to 30 did alike


def examples(lexicon):
    """Tuning messages, then cases, as (sentences, danger, whether from the tuning part)."""
    for line in (HERE / "labelled" / "tuning.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row.get("text") or "\n".join(row["texts"])
        yield plainly(text, lexicon), bool(row["danger"]), True
    cases = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))
    for name, family in cases.items():
        if name != "split":
            for label in ("danger", "safe"):
                for text in family[label]:
                    yield plainly(text, lexicon), label == "danger", False


def documents(rows):
    for sentences, label, _ in rows:
        if sum(len(one.split()) for one in sentences) <= SHORT:
            yield " ".join(sentences), label
        elif not label:
            yield from ((one, label) for one in sentences)


def matrix(texts):
    from scipy.sparse import csr_matrix

    values, columns, ends = [], [], [0]
    for text in texts:
        found = sorted(pieces(text))
        columns += found
        values += [1 / sqrt(len(found))] * len(found)
        ends.append(len(columns))
    return csr_matrix((values, columns, ends), shape=(len(texts), BUCKETS))


def fitted(rows):
    from sklearn.linear_model import LogisticRegression

    texts, labels = zip(*((text, label) for text, label in documents(rows) if text), strict=True)
    return LogisticRegression(C=STRENGTH, max_iter=500).fit(matrix(texts), labels)


def packed(model, least):
    """Weights as bytes; what the model adds before them, and the threshold, on the same scale."""
    largest = max(abs(model.coef_[0]))
    step = largest / 127
    bytes_ = bytes(round(weight / step) + 128 for weight in model.coef_[0])
    scale = 1024 / step
    bias = round(model.intercept_[0] * scale)
    return {
        "bias": str(bias),
        "least": str(round(least * scale)),
        "weights": base64.b85encode(bytes_).decode(),
    }


def highest(model, sentences):
    grams = Grams.of(packed(model, 0))
    step = max(abs(model.coef_[0])) / 127
    return max((grams.weigh(one) * step / 1024 for one in sentences), default=-99.0)


def threshold(rows):
    told, graves = [], []
    for fold in range(FOLDS):
        model = fitted([row for at, row in enumerate(rows) if at % FOLDS != fold])
        for at, (sentences, label, tuning) in enumerate(rows):
            if at % FOLDS == fold and tuning:
                (graves if label else told).append(highest(model, sentences))
    told.sort()
    least = told[-1 - int(len(told) * FALSE_ALARMS)] + 1e-6
    seen = sum(one >= least for one in graves)
    print(f"alone, cross-validated: recall {seen}/{len(graves)} at {FALSE_ALARMS:.0%} false alarms")
    return least


def main():
    lexicon = Lexicon.of(danger.load("en"))
    rows = list(examples(lexicon))
    data = packed(fitted(rows), threshold(rows))
    wide = "\n".join(data["weights"][at : at + 96] for at in range(0, len(data["weights"]), 96))
    OUT.write_text(
        "# Made by tests/danger/train.py; not for editing by hand.\n"
        f'bias = "{data["bias"]}"\nleast = "{data["least"]}"\n'
        f"weights = '''\n{wide}'''\n".replace("'''", '"""' if "'''" in wide else "'''"),
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
