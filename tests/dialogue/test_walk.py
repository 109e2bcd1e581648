"""Random walks: whatever people do, they are answered, never stuck, and no word is lost."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.casework.model import State
from bot.dialogue.effects import Keep, LinkStaff, NoteOnConcern, ReleaseNews, Tell
from bot.dialogue.inputs import (
    Commanded,
    Edited,
    Elsewhere,
    Forged,
    Left,
    OpenNews,
    Pressed,
    PressedAbout,
    Returned,
    Said,
    SetAside,
    Unreadable,
)
from bot.dialogue.script import ASKS, LASTING
from bot.dialogue.step import step
from tests.dialogue.phone import Phone

ANSWERS = st.sampled_from(
    [
        *("yes", "no", "not sure", "not really", "nobody", "hello", "1", "2", "9"),
        *("send", "sned", "skip", "stop", "help", "back", "new", "reopen", "go on"),
        *("delete it", "keep it", "rowan", "the whole team", "Dave", "Helen Marsh", "Tom Byrne"),
    ]
)
ODD = st.sampled_from(
    [
        *(Unreadable(kind) for kind in ("sticker", "location")),
        *(Forged(), SetAside(), Returned(), Elsewhere(), OpenNews("h")),
        *(Said(""), Said("\u200b\n")),
        *(Pressed(10**9, "send"), PressedAbout("0" * 32, "add")),
        *(Commanded(name) for name in ("start", "help", "stop", "link")),
        *(Commanded("start", "rowan-poster"), Commanded("link", "AB12")),
    ]
)


class Walk(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.phone = Phone()
        self.said = 0

    def _does(self, given):
        before, facts = self.phone.talk, self.phone.facts()
        self.phone.number += 1
        effects = step(before, given, self.phone.facts()).effects
        self.phone.number -= 1
        assert facts.labels
        seen = self.phone.does(given)
        assert seen, given
        assert any(isinstance(one, (Tell, ReleaseNews, LinkStaff)) for one in effects), given
        assert sum(isinstance(one, Tell) and one.prompt for one in effects) <= 1  # one question
        for one in effects:
            if isinstance(one, Tell) and one.prompt:
                assert effects[-1] is one
                assert one.step == self.phone.talk.step
        return effects

    @rule(answer=ANSWERS)
    def answer(self, answer):
        self._does(Said(answer))

    @rule(odd=ODD)
    def oddity(self, odd):
        self._does(odd)

    @rule(tail=st.text(max_size=30), edited=st.booleans())
    def words(self, tail, edited):
        self.said += 1
        words = f"zxq{self.said} nobody listens to what I tell them here {tail}"
        effects = self._does(Edited(words) if edited else Said(words))
        kept = [one.words for one in effects if isinstance(one, (Keep, NoteOnConcern))]
        assert words in kept or words in self.phone.talk.kept_from_words

    @precondition(lambda self: self.phone.shown)
    @rule(data=st.data())
    def tap(self, data):
        recent = [one.tell for one in self.phone.shown[-4:] if one.tell.rows]
        if not recent:
            return
        tell = data.draw(st.sampled_from(recent[-2:]))
        button = data.draw(st.sampled_from([one for row in tell.rows for one in row]))
        about = button.about
        given = PressedAbout(about, button.choice) if about else Pressed(tell.step, button.choice)
        self._does(given)

    @precondition(lambda self: self.phone.concerns)
    @rule(data=st.data())
    def about_a_concern(self, data):
        own = data.draw(st.sampled_from(self.phone.concerns))
        choice = data.draw(st.sampled_from([row.choice for row in LASTING]))
        self._does(PressedAbout(own.id, choice))

    @precondition(lambda self: self.phone.concerns)
    @rule(data=st.data(), state=st.sampled_from([State.OUTCOME, State.CLOSED, State.LOOKING]))
    def staff_move_it(self, data, state):
        own = data.draw(st.sampled_from(self.phone.concerns))
        if own.state is not State.WITHDRAWN:
            self.phone.becomes(own.reference, state)

    @rule()
    def blocks(self):
        assert step(self.phone.talk, Left(), self.phone.facts()).effects == ()

    @invariant()
    def nothing_is_lost_and_nobody_is_stuck(self):
        talk = self.phone.talk
        assert len(self.phone.draft) == talk.parts
        assert talk.at in ASKS or talk.at == "new"
        assert len(talk.trail) == len(set(talk.trail)) <= len(ASKS)
        for effect, words in self.phone.sent:
            assert words or effect.topic
            assert not effect.kept_from_words or effect.team == "independent"


Walk.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_random_walks = Walk.TestCase
