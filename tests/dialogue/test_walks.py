"""Random walks through the pure talk: whoever does whatever is answered, never stuck, never silent,
asked one thing at a time, and none of their words is lost.

`make walks` plays ten thousand fresh ones and counts; the ordinary tests play a few hundred that
are always the same.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.casework.model import State
from bot.channel.parse import ABOUT, DRAFT, STEP
from bot.cli.rehearsal import NUDGE
from bot.cli.transcript import FILES
from bot.dialogue.effects import (
    AddToConcern,
    ClearChat,
    DropDraft,
    DropLast,
    ForgetPerson,
    Keep,
    KeepFile,
    LinkStaff,
    NoteOnConcern,
    NotSatisfied,
    RaiseDataComplaint,
    ReleaseNews,
    Reopen,
    Satisfied,
    SendConcern,
    Tell,
    Withdraw,
)
from bot.dialogue.inputs import (
    Attached,
    Commanded,
    Edited,
    Left,
    Pressed,
    PressedAbout,
    PressedDraft,
    Said,
)
from bot.dialogue.model import Talk
from bot.dialogue.script import ASKS, FOOT, LASTING
from bot.dialogue.shown import prompt
from bot.dialogue.step import step
from tests.dialogue.phone import Phone
from tests.dialogue.strategies import (
    ANSWERS,
    COMMANDS,
    DANGER,
    FORGED,
    HOMES,
    NAMES,
    ODD,
    PHRASES,
    TAILS,
)

WALKS = int(os.environ.get("HEARD_WALKS", "0"))
# What only a choice may bring about, never a person's own words.
ABOUT_DANGER = frozenset({"danger", "danger-details", "for-whom-too"})
_DEEDS = (
    *(SendConcern, AddToConcern, DropDraft, DropLast, ForgetPerson, ClearChat),
    *(Withdraw, Satisfied, NotSatisfied, Reopen),
)
_SHELL_ANSWERS = (ReleaseNews, LinkStaff, ClearChat)  # the shell tells what came of it

ALARM = "in-danger"  # counts however old its button is
HELP = frozenset(("help.danger", "help.danger-short", "help.block", "help.alarm"))
FEET = frozenset(one.id for one in FOOT)

counts: Counter[str] = Counter()
visits: Counter[str] = Counter()
probed: set[object] = set()


def _tells(effects):
    return [one for one in effects if isinstance(one, Tell)]


def _prompts(effects):
    return [one for one in _tells(effects) if one.prompt]


class Walk(RuleBasedStateMachine):
    @initialize(home=HOMES)
    def begin(self, home):
        self.phone = Phone(**home)
        self.said = 0
        counts["walks"] += 1

    def _does(self, given):
        """One input, and everything that must hold after any."""
        phone, before = self.phone, self.phone.talk
        draft, shown = list(phone.draft), len(phone.shown)
        phone.does(given)
        effects = phone.effects
        if any(isinstance(one, ClearChat) for one in effects):
            shown = 0
        counts["steps"] += 1
        visits[phone.talk.at] += 1
        self._answered(given, before, effects)
        self._one_question(phone.shown[shown:], effects)
        self._draft_is_whole(draft, effects)
        self._not_stuck(before, effects)
        return effects

    def _answered(self, given, before, effects):
        if isinstance(given, Left):
            assert effects == () and self.phone.talk == before
        else:
            assert any(isinstance(one, (Tell, *_SHELL_ANSWERS)) for one in effects), given

    def _one_question(self, shown, effects):
        prompts = _prompts(effects)
        assert len(prompts) <= 1
        if prompts:
            assert _tells(effects)[-1] is prompts[0]
            assert prompts[0].step == self.phone.talk.step
        for one in shown:
            assert one.text.count("?") <= 1, one.text
            assert len(one.text) <= 4096
            for row in one.tell.rows:
                for button in row:
                    _fits(one.tell, button)

    def _draft_is_whole(self, draft, effects):
        """The draft changes by what is kept and by choices, and the talk counts it rightly."""
        for one in effects:
            match one:
                case Keep(words):
                    draft.append(words)
                case KeepFile(kind, _, _):
                    draft.append(f"<{kind}>")
                case DropLast():
                    draft.pop()
                case DropDraft() | ForgetPerson():
                    draft.clear()
                case SendConcern() | AddToConcern():
                    assert draft or (isinstance(one, SendConcern) and one.topic), one
                    draft.clear()
        assert self.phone.draft == draft
        assert self.phone.talk.parts == len(draft)
        for effect, words in self.phone.sent:
            assert words or effect.topic
            assert not effect.kept_from_words or effect.team == "independent"

    def _not_stuck(self, before, effects):
        talk = self.phone.talk
        forgotten = any(isinstance(one, ForgetPerson) for one in effects)
        assert talk.step >= before.step or forgotten
        assert talk.at in ASKS or talk == Talk() or talk == before
        assert len(talk.trail) == len(set(talk.trail)) <= len(ASKS)
        if talk.at in ASKS:
            self._stop_and_help_work(talk)

    def _stop_and_help_work(self, talk):
        """Tapped or typed, in every state; and from Stop there is a way on."""
        facts = self.phone.facts()
        kind = replace(
            talk, step=0, tail="", parts=min(talk.parts, 2), kept_from_words="", seeking=""
        )
        states = tuple(one.state for one in facts.concerns)
        key = (kind, states, facts.away, facts.places, facts.staff)
        if key in probed:
            return
        for given in (Pressed(talk.step, "help"), Pressed(0, "help"), Said("get help now")):
            after = step(talk, given, facts)
            assert "help.block" in [one.key for one in _tells(after.effects)], given
            assert after.talk.at == talk.at or ASKS[talk.at].root, given
            assert not [one for one in after.effects if isinstance(one, (*_DEEDS, Keep))]
        for given in (Pressed(talk.step, "stop"), Said("stop"), Commanded("stop")):
            stopped = step(talk, given, facts)
            assert stopped.talk.at in {"stop", "rest"}, given
            assert not [one for one in stopped.effects if isinstance(one, _DEEDS)]
            assert stopped.talk.parts == talk.parts
        resting = stopped.talk
        if resting.at == "stop":
            resting = step(resting, Pressed(resting.step, "keep"), facts).talk
        assert resting.at == "rest" and resting.parts == talk.parts
        home = step(resting, Pressed(resting.step, "on"), facts).talk
        assert home.at in ASKS and ASKS[home.at].root
        probed.add(key)  # last, so that what fails is tried again

    # ---- what people do ------------------------------------------------------------------------

    @precondition(lambda self: self.phone.talk.at in ASKS)
    @rule(data=st.data(), taps=st.integers(1, 4))
    def go_on(self, data, taps):
        """Answer the question that is asked, and the next."""
        for _ in range(taps):
            if self.phone.talk.at in ASKS:
                self._tap_newest(data)

    @precondition(lambda self: self.phone.talk.at in ASKS)
    @rule(data=st.data())
    def tap_twice(self, data):
        """As a shaking hand does: the second tap finds its question gone, or the same again."""
        given = self._tap_newest(data)
        before = self.phone.talk
        effects = self._does(given)
        if before.step != given.step and given.choice != ALARM:
            self._changed_nothing(before, effects)

    def _tap_newest(self, data):
        tell = prompt(self.phone.talk, self.phone.facts())
        main = [row[0] for row in tell.rows if row[0].choice not in FEET] or [tell.rows[0][0]]
        given = Pressed(tell.step, data.draw(st.sampled_from(main)).choice)
        self._does(given)
        return given

    @precondition(lambda self: self.phone.shown)
    @rule(data=st.data())
    def tap_anything(self, data):
        """Also buttons of long ago."""
        offered = [one for one in self.phone.shown if one.tell.rows]
        if not offered:
            return
        one = data.draw(st.sampled_from(offered))
        button = data.draw(st.sampled_from([one for row in one.tell.rows for one in row]))
        if one.tell.key == NUDGE:
            given = PressedDraft(button.choice)
        elif button.about is not None:
            given = PressedAbout(button.about, button.choice)
        else:
            given = Pressed(one.tell.step, button.choice)
        before = self.phone.talk
        effects = self._does(given)
        if isinstance(given, Pressed) and given.step != before.step and given.choice != ALARM:
            self._changed_nothing(before, effects)

    @rule(given=FORGED)
    def forge(self, given):
        before = self.phone.talk
        self._changed_nothing(before, self._does(given))

    def _changed_nothing(self, before, effects):
        assert not [one for one in effects if not isinstance(one, (Tell, ClearChat))], effects
        assert not [one for one in effects if isinstance(one, ClearChat)]
        after = self.phone.talk
        assert (after.parts, after.topic, after.place) == (before.parts, before.topic, before.place)
        assert after.kept_from == before.kept_from

    @rule(words=ANSWERS | st.sampled_from(PHRASES), edited=st.integers(0, 9))
    def answer(self, words, edited):
        """Words that may mean something are understood or kept, never passed over."""
        before = self.phone.talk
        effects = self._does(Said(words) if edited else Edited(words))
        kept = words in _kept(effects) or words in _names(self.phone.talk)
        done = [one for one in effects if not isinstance(one, Tell)]
        said = len(_tells(effects)) > 1 or self.phone.talk.at != before.at
        assert kept or done or said or words in PHRASES or words.isdecimal()

    @rule(words=NAMES)
    def name(self, words):
        effects = self._does(Said(words))
        talk = self.phone.talk
        kept = words in _kept(effects) or words in _names(talk)
        assert kept or talk.kept_from or talk.about_staff or talk.place or talk.at == "place"

    @rule(words=DANGER)
    def say_danger(self, words):
        """Help is shown, and the words are kept like any others."""
        effects = self._does(Said(words))
        assert words in _kept(effects) or words in _names(self.phone.talk)
        assert [one for one in _tells(effects) if one.key in HELP]
        assert not [one for one in effects if isinstance(one, _DEEDS)]

    @rule(tail=TAILS, edited=st.booleans())
    def tell(self, tail, edited):
        """Words that mean nothing to us are kept as they are, and do nothing else."""
        self.said += 1
        words = f"zxq{self.said} nobody listens to what I tell them here {tail}"[:4096]
        effects = self._does(Edited(words) if edited else Said(words))
        assert words in _kept(effects) or words in _names(self.phone.talk)
        assert not [one for one in effects if isinstance(one, _DEEDS)]

    @rule(kind=st.sampled_from(sorted(FILES)), size=st.sampled_from([None, 0, 5000, 30 * 2**20]))
    def send_a_file(self, kind, size):
        at = self.phone.talk.at
        effects = self._does(Attached(kind, "ticket", size))
        kept = [one for one in effects if isinstance(one, KeepFile)]
        assert kept or _tells(effects)
        deeds = [one for one in effects if isinstance(one, _DEEDS)]
        if deeds:  # a voice that says who is in danger, and where, waits for no button
            assert at in ABOUT_DANGER
            assert len(kept) == 1
            assert deeds == [AddToConcern(self.phone.talk.about)]

    @rule(odd=ODD)
    def do_something_odd(self, odd):
        effects = self._does(odd)
        assert not [one for one in effects if isinstance(one, (*_DEEDS, Keep))]

    @rule(command=COMMANDS)
    def command(self, command):
        effects = self._does(command)
        if command.payload and command.name not in ("start", "link"):
            assert any(command.payload in words for words in _kept(effects))

    @rule()
    def block(self):
        self._does(Left())

    # ---- what others do ------------------------------------------------------------------------

    @rule(hours=st.sampled_from([2, 11, 25, 72, 24 * 21]))
    def wait(self, hours):
        before = len(self.phone.shown)
        self.phone.waits(timedelta(hours=hours))
        assert len(self.phone.shown) <= before + 1

    @precondition(lambda self: self.phone.concerns)
    @rule(data=st.data())
    def use_a_lasting_button(self, data):
        own = data.draw(st.sampled_from(self.phone.concerns))
        choice = data.draw(st.sampled_from([row.choice for row in LASTING]))
        self._does(PressedAbout(own.id, choice))

    @precondition(lambda self: self.phone.concerns)
    @rule(data=st.data(), state=st.sampled_from([one for one in State if one != "withdrawn"]))
    def staff_move_it(self, data, state):
        own = data.draw(st.sampled_from(self.phone.concerns))
        if own.state is not State.WITHDRAWN:
            self.phone.becomes(own.reference, state)


def _fits(tell, button):
    """Telegram takes 64 bytes (Bot API, InlineKeyboardButton), and our own parser must know it."""
    if tell.key == NUDGE:
        data, known = f"d:{button.choice}", DRAFT
    elif button.about is not None:
        data, known = f"a:{button.about}:{button.choice}", ABOUT
    else:
        data, known = f"p:{tell.step}:{button.choice}", STEP
    assert len(data.encode()) <= 64, data
    assert known.fullmatch(data), data


def _kept(effects):
    kinds = (Keep, NoteOnConcern, RaiseDataComplaint)
    return [one.words for one in effects if isinstance(one, kinds)]


def _names(talk):
    return f"{talk.kept_from_words}\n{talk.seeking}"


def _settings():
    """A few hundred walks that are always the same; with HEARD_WALKS, so many fresh ones."""
    return settings(
        max_examples=WALKS or 300,
        stateful_step_count=30,
        deadline=None,
        derandomize=not WALKS,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def test_random_walks():
    run_state_machine_as_test(Walk, settings=_settings())
    missed = sorted(set(ASKS) - set(visits))
    print(f"\nwalks {counts['walks']}, steps {counts['steps']}, states {len(visits)}")
    for name, number in visits.most_common():
        print(f"  {number:8} {name}")
    print(f"states never seen: {', '.join(missed) or 'none'}")
    if WALKS:
        assert counts["walks"] >= WALKS
        assert not missed
