"""Random walks: whatever people do, they are answered, never stuck, and no word is lost."""

from __future__ import annotations

import os
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.casework.model import State
from bot.dialogue.effects import DropLast, KeepFile, LinkStaff, ReleaseNews, Tell
from bot.dialogue.inputs import (
    Attached,
    Commanded,
    Edited,
    Elsewhere,
    Forged,
    Left,
    OpenNews,
    Pressed,
    PressedAbout,
    PressedDraft,
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
        *("d", "ro", "ma", "none of these", "someone else", "wait", "dont send it", "dunno"),
        *("it is about staff", "somewhere else", "leave that out", "how private is this"),
    ]
)
ANYWHERE = st.sampled_from(
    [
        *("my concerns", "any news", "add to it", "i got something wrong", "new concern"),
        *("my data", "get my data", "data complaint", "forget me", "yes, forget me"),
        *("clear this chat", "yes, clear it", "language", "english", "i was joking"),
        *("H-7K2M-0004", "h 7k2m ooo4", "H-ZZZZ-ZZZZ", "D-7K2M-0004", "my son"),
    ]
)
QUESTIONS = st.sampled_from(
    [
        *("who will see this??", "will they punish me", "r u a real person", "did it send"),
        *("how long", "can you call me", "whats a concern", "is this anonymous", "are you AI"),
        *("what if they find out", "how do i delete this", "is it too late", "what is this"),
    ]
)
REMARKS = st.sampled_from(
    ["im 14", "I'm a nurse on the ward", "i am not in the uk", "fuck off", "asdfghjkl"]
)
DANGER = st.sampled_from(["I want to kill myself", "I have taken all my tablets", "i want to die"])
FILES = st.builds(
    Attached,
    st.sampled_from(["photo", "voice", "document"]),
    st.just("ticket"),
    st.sampled_from([None, 1000, 20 * 1024 * 1024, 20 * 1024 * 1024 + 1]),
)
ODD = st.sampled_from(
    [
        *(Unreadable(kind) for kind in ("sticker", "location")),
        *(Forged(), SetAside(), Returned(), Elsewhere(), OpenNews("h")),
        *(Said(""), Said("\u200b\n")),
        *(PressedDraft("go-on"), PressedDraft("no-nudge"), PressedDraft("other")),
        *(Pressed(10**9, "send"), PressedAbout("0" * 32, "add")),
        *(Commanded(name) for name in ("start", "help", "stop", "link")),
        *(Commanded(name) for name in ("concerns", "language", "mydata", "forget")),
        *(Commanded("start", "rowan-poster"), Commanded("link", "AB12")),
    ]
)


# Who it is for is one question, also while there may be more to say about a danger.
AFTER = {"danger", "danger-details", "for-whom", "agrees", "own-worry", "write-to", "clear-after"}


def _question(at: str) -> str:
    return "for-whom" if at == "for-whom-too" else at


class Walk(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.phone = Phone()
        self.said = 0
        self.over = set()  # questions after sending that were left behind, by concern

    def _does(self, given):
        before = self.phone.talk
        asked = (before.about, _question(before.at))
        seen = self.phone.does(given)
        effects = self.phone.effects
        now = (self.phone.talk.about, _question(self.phone.talk.at))
        if now != asked:
            self.over.add(asked)
            assert now[1] not in AFTER or now not in self.over, now  # never asked twice
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

    @rule(words=ANYWHERE)
    def asked_anywhere(self, words):
        self._does(Said(words))

    @precondition(lambda self: self.phone.concerns)
    @rule(data=st.data())
    def a_reference_shows_their_own(self, data):
        own = data.draw(st.sampled_from(self.phone.concerns))
        if self.phone.talk.at not in ("whose", "which", "which-back", "which-add", "mine"):
            self._does(Said(own.reference.lower().replace("-", " ")))
            assert (self.phone.talk.at, self.phone.talk.about) == ("one", own.id)

    @rule(odd=ODD)
    def oddity(self, odd):
        self._does(odd)

    @rule(tail=st.text(max_size=30), edited=st.booleans())
    def words(self, tail, edited):
        self.said += 1
        words = f"zxq{self.said} nobody listens to what I tell them here {tail}"
        effects = self._does(Edited(words) if edited else Said(words))
        kept = [getattr(one, "words", None) for one in effects]
        assert words in kept or words in self.phone.talk.kept_from_words

    @rule(question=QUESTIONS)
    def asks(self, question):
        """It is answered where it was asked, and nothing else changes."""
        before = self.phone.talk
        effects = self._does(Said(question))
        assert not [one for one in effects if not isinstance(one, Tell)]
        assert len(effects) >= 2
        if before.at in ASKS and not ASKS[before.at].root:
            assert self.phone.talk == before

    @rule(remark=REMARKS)
    def remarks(self, remark):
        effects = self._does(Said(remark))
        assert [one for one in effects if getattr(one, "words", "") == remark]

    @rule(words=DANGER, edited=st.booleans())
    def danger(self, words, edited):
        """Help is the first thing said, the words are kept, and the talk is where it would be."""
        effects = self._does(Edited(words) if edited else Said(words))
        assert isinstance(effects[0], Tell)
        assert effects[0].key in ("help.danger", "help.danger-short")
        kept = [getattr(one, "words", None) for one in effects]
        assert words in kept or words in self.phone.talk.kept_from_words

    @rule(file=FILES)
    def file(self, file):
        before = self.phone.talk.parts
        effects = self._does(file)
        kept = [one for one in effects if isinstance(one, KeepFile)]
        assert len(kept) == (file.size is None or file.size <= 20 * 1024 * 1024)
        assert self.phone.talk.parts == before + len(kept)

    @rule(days=st.sampled_from([0.1, 1, 3, 30]))
    def time_passes(self, days):
        self.phone.waits(timedelta(days=days))

    @rule()
    def help_is_there(self):
        before = self.phone.talk
        effects = self._does(Pressed(before.step, "help"))
        assert "help.block" in [one.key for one in effects if isinstance(one, Tell)][:2]
        if before.at in ASKS and not ASKS[before.at].root:
            assert self.phone.talk == before

    @precondition(lambda self: self.phone.talk.at in ASKS)
    @rule()
    def stop_is_there(self):
        self._does(Said("stop"))
        assert self.phone.talk.at in ("stop", "rest")

    @precondition(lambda self: self.phone.talk.last_odd)
    @rule()
    def leaves_it_out(self):
        before = len(self.phone.draft)
        effects = self._does(Pressed(self.phone.talk.step, "leave-out"))
        assert [one for one in effects if isinstance(one, DropLast)]
        assert len(self.phone.draft) == before - 1

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


Walk.TestCase.settings = settings(
    max_examples=int(os.environ.get("HEARD_WALKS", "60")), stateful_step_count=40, deadline=None
)
test_random_walks = Walk.TestCase
