"""What the script's table is made of: questions, choices, and the places a choice can lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.casework.model import State

# Where a choice can lead besides a state by name.
STAY: Final = "<stay>"  # the same question again
BACK: Final = "<back>"  # where the person was before
HOME: Final = "<home>"  # where a person without an open question is
GONE: Final = "<gone>"  # nowhere: the talk is as new, and asks nothing

MOST_CHOICES: Final = 5  # main choices in one message: W3C COGA, reference/domain.md section 7
MOST_PLACES: Final = 3  # leaves room for "Not sure" and "Somewhere else"
MOST_FOUND: Final = 4  # leaves room for "None of these"
MOST_NAMES: Final = 6  # names said back in one message, so that it stays short
MOST_CONCERNS: Final = 3  # leaves room for "Something new"
MOST_MINE: Final = 4  # leaves room for "Raise something new"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap or to say. `also` names other words that mean it (keys of wording)."""

    id: str
    label: str
    to: str
    does: str = ""
    when: str = ""
    also: tuple[str, ...] = ()
    exact: bool = False  # too grave to be guessed from misspelt words
    soon: bool = False  # typed a day or more after the question, it is asked again first
    lasts: bool = False  # its button outlives the question, and stays with the concern asked about


@dataclass(frozen=True, slots=True)
class Listed:
    """Choices that depend on the moment: places, people, or the person's own concerns."""

    of: str
    to: str
    does: str
    typed: bool = True  # whether its names count when typed, not only its numbers


@dataclass(frozen=True, slots=True)
class Typed:
    """What words do that are not one of the choices."""

    does: str
    to: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A state of the talk: one question, and everything that can be done with it."""

    prompt: str
    typed: Typed
    choices: tuple[Choice, ...] = ()
    spoken: tuple[Choice, ...] = ()  # understood when typed, without a button
    listed: Listed | None = None
    variants: tuple[tuple[str, str], ...] = ()  # guard, prompt: the first that holds
    skip: tuple[tuple[str, str], ...] = ()  # guard, state: not asked, go there instead
    open: bool = False  # own words are expected: only plain labels count as answers
    root: bool = False  # nothing to go back to
    about: bool = False  # speaks of one sent concern, `Talk.about`
    newest: bool = False  # of the one that was sent last; whoever looks elsewhere comes back to it
    passing: bool = False  # true only at this moment, so never gone back to


@dataclass(frozen=True, slots=True)
class Lasting:
    """A button about one concern, under a receipt or an outcome, that can be tapped for ever."""

    choice: str
    states: frozenset[State]
    to: str
    does: str = ""
