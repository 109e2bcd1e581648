"""The rules for what staff write, made once of the lists that they need."""

from __future__ import annotations

from functools import cache

from bot.casework.plain import Rules, Term
from bot.casework.third_parties import Care
from config import plain, third_parties


@cache
def rules() -> Rules:
    """The rules of plain words, without those that may stand in a letter. Raises PlainError."""
    return Rules(
        tuple(Term(one.term, one.kind, one.advice) for one in plain.load().all if one.advice),
        plain.syllables,
    )


@cache
def care() -> Care:
    """What must not be told to a carer without agreement. Raises ThirdPartiesError."""
    words = third_parties.load()
    return Care(
        told=(*words.conditions, *words.medicines, *words.law),
        belongings=words.belongings,
        shared=words.shared,
        kin=words.kin,
        nobody=frozenset(words.nobody),
    )
