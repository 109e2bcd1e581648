"""One step in the making: the talk as it changes, the facts, and the effects gathered so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.casework.model import State
from bot.dialogue.effects import Effect
from bot.dialogue.guards.every import holds
from bot.dialogue.known import UNANSWERED
from bot.dialogue.model import Facts, OwnConcern, Talk
from bot.dialogue.script import ASKS
from bot.dialogue.shown import line, prompt
from bot.dialogue.table import BACK, GONE, HOME, STAY, Ask


@dataclass(frozen=True, slots=True)
class Moment:
    """Immutable: every method gives back the next moment. `before` is the talk as it was when the
    input came."""

    talk: Talk
    facts: Facts
    before: Talk
    effects: tuple[Effect, ...] = ()

    @property
    def ask(self) -> Ask:
        return ASKS[self.talk.at]

    def does(self, *effects: Effect) -> Moment:
        return replace(self, effects=(*self.effects, *effects))

    def tells(self, key: str, *, prompt: bool = False) -> Moment:
        """A `prompt` that waits unsent gives way to the next one."""
        said = line(key, self.talk, self.facts)
        if key in _FULL_HELP and self.facts.concerns and not self.talk.parts:
            met = replace(self.talk, helped_on=self.facts.today.isoformat())
            return replace(self, talk=met).does(said)
        return self.does(replace(said, prompt=True, step=self.talk.step) if prompt else said)

    def remembers(self, talk: Talk) -> Moment:
        return replace(self, talk=talk)

    def knows(self, own: OwnConcern) -> Moment:
        """From here on this concern is as given: new, or in another state than was loaded."""
        others = tuple(one for one in self.facts.concerns if one.id != own.id)
        return replace(self, facts=replace(self.facts, concerns=(own, *others)))

    def moved(self, concern_id: str | None, state: State) -> Moment:
        concerns = tuple(
            replace(one, state=state) if one.id == concern_id else one
            for one in self.facts.concerns
        )
        return replace(self, facts=replace(self.facts, concerns=concerns))

    def goes(self, to: str) -> Moment:
        """Ask the question at `to`, or the one that it is skipped for."""
        if to == GONE:
            return replace(self, talk=Talk())
        at, trail = _led(self.talk, to, self.facts)
        if ASKS[at].root:
            trail = ()
        talk = replace(self.talk, at=at, trail=trail)
        if ASKS[at].newest and self.facts.concerns:
            talk = replace(talk, about=self.facts.concerns[0].id)
        # Buttons of the same question stay good however often it is shown: somebody who writes on
        # and then taps Send under an earlier line means it. A question that changed gets new ones.
        if _meaning(talk) != _meaning(self.before):
            talk = replace(talk, step=self.before.step + 1)
        return replace(self, talk=talk).does(prompt(talk, self.facts))


def home(facts: Facts) -> str:
    """Where somebody without an open question is; a draft leads on from there."""
    return _IDLE if facts.concerns else _TELL


def _meaning(talk: Talk) -> Talk:
    """All that decides what a button does; how many messages the draft holds does not, except for
    a button that leaves out the newest."""
    return replace(
        talk,
        step=0,
        parts=talk.parts if talk.last_odd else 0,
        trail=(),
        tail="",
        helped_on="",
        file_told=False,
        child=False,
        language="",
        no_nudge=False,
    )


# Shown after sending, what is said next about danger gets the short list.
_FULL_HELP: Final = frozenset({"help.alarm", "help.alarm-told", "help.block"})
_IDLE: Final = "idle"
_TELL: Final = "tell"


def _led(talk: Talk, to: str, facts: Facts) -> tuple[str, tuple[str, ...]]:
    """Where a choice leads, and the trail from there."""
    trail = tuple(one for one in talk.trail if one in ASKS)
    if to == STAY and not ASKS[talk.at].root:
        return talk.at, trail
    if to == BACK and trail and not (ASKS[trail[-1]].newest and not _awaits_answer(facts)):
        at = trail[-1]
        return (_unskipped(at, talk, facts) if ASKS[at].root else at), trail[:-1]
    if to in (BACK, HOME):
        return _unskipped(home(facts), talk, facts), ()
    at = _unskipped(talk.at if to == STAY else to, talk, facts)
    if at == talk.at:
        return at, trail
    if at in trail:
        return at, trail[: trail.index(at)]
    asked = ASKS[talk.at]
    passed = asked.passing or (asked.about and not asked.newest)
    return at, trail if passed else (*trail, talk.at)


def _awaits_answer(facts: Facts) -> bool:
    """Whether what is asked after sending still helps: not of what was answered or taken back."""
    return facts.concerns[0].state in UNANSWERED


def _unskipped(at: str, talk: Talk, facts: Facts) -> str:
    for _ in ASKS:
        for name, instead in ASKS[at].skip:
            if holds(name, talk, facts):
                at = instead
                break
        else:
            return at
    return at
