"""How long the longest messages take, kind or hostile: at most milliseconds, in linear time."""

import random
from time import perf_counter

from bot.dialogue.danger import Lexicon, shows_danger
from config import danger

LONGEST = 4096  # characters in one Telegram message
ROUNDS = 5


def hostile(lexicon, size):
    chance = random.Random(7)
    known = sorted(lexicon.spelling.known)
    starts = sorted(lexicon.first)
    letters = "abcdefghijklmnopqrstuvwxyz"
    yield "one letter", "a" * size
    yield "letters apart", "a " * (size // 2)
    yield "stars", "k*" * (size // 2)
    yield "one word", "want " * (size // 5)
    yield "not not not", "not " * (size // 4)
    yield "negated again and again", "i do not want to kill myself " * (size // 29)
    yield "known words", " ".join(chance.choices(known, k=size))[:size]
    yield "first words of patterns", " ".join(chance.choices(starts, k=size))[:size]
    yield "nonsense", "".join(chance.choices(letters + " ", k=size))
    yield "near misses", " ".join(f"suicdi{letter}x" for letter in letters * size)[:size]
    yield "joined", "killno" * (size // 6)
    yield "full stops", "." * size
    yield "emoji", "\U0001f52a" * (size // 2)
    yield "accents", "e\u0301" * (size // 2)
    yield "a complaint", ("The dinner was cold and nobody rang me back about it. " * size)[:size]


def bench_danger():
    lexicon = Lexicon.of(danger.load("en"), danger.weights("en"))
    print()
    half = dict(hostile(lexicon, LONGEST // 2))
    for name, text in hostile(lexicon, LONGEST):
        whole, part = taken(text, lexicon), taken(half[name], lexicon)
        print(f"{name:<26}{whole:7.1f} ms, half of it {part:7.1f} ms")


def taken(text, lexicon):
    """The best of a few rounds, in milliseconds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = perf_counter()
        shows_danger(text, "", lexicon)
        best = min(best, perf_counter() - start)
    return best * 1000
