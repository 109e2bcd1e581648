"""The script's table, searched: what must hold of every question, checked from the table itself."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from bot.casework.model import State
from bot.dialogue.acts.every import ACTS
from bot.dialogue.anywhere import COMMANDS
from bot.dialogue.asks import carer, sent
from bot.dialogue.effects import SendConcern, Tell
from bot.dialogue.guards.every import GUARDS
from bot.dialogue.inputs import Commanded, Input, Pressed, PressedAbout, Said
from bot.dialogue.lines import ASKED, SAID, required
from bot.dialogue.model import Change, OwnConcern, Place, Talk
from bot.dialogue.remarks import REMARKS
from bot.dialogue.script import ANYWHERE, ASKS, FOOT, LASTING, START, TOPICS
from bot.dialogue.shown import LISTS, VALUES, prompt
from bot.dialogue.step import step
from bot.dialogue.table import BACK, GONE, HOME, MOST_CHOICES, STAY
from config import topics
from tests.dialogue.phone import INDEPENDENT, NOW, TODAY, WORDING, Phone

CHOICES = [
    *((name, one) for name, ask in ASKS.items() for one in (*ask.choices, *ask.spoken, *FOOT)),
    *(("anywhere", one) for one in ANYWHERE),
]


ENDED = (State.SENT, State.OUTCOME, State.CLOSED, State.WITHDRAWN)


_CHANGES = (Change("rowan", "Rowan Ward", TODAY, "It was loud.", "It is quieter."),) * 3


def _concerns(states: Iterable[State] = ENDED) -> tuple[OwnConcern, ...]:
    return tuple(
        OwnConcern(f"{at:032x}", f"H-AAAA-{at:04d}", state, TODAY, None)
        for at, state in enumerate(states)
    )


def _inputs(talk: Talk, tells: list[Tell]) -> list[Input]:
    buttons = [button for tell in tells for row in tell.rows for button in row]
    taps: list[Input] = [
        PressedAbout(one.about, one.choice) if one.about else Pressed(talk.step, one.choice)
        for one in buttons
    ]
    about = [PressedAbout(own.id, row.choice) for own in _concerns() for row in LASTING]
    words = [Said("Nobody listens."), Said("Dave Palmer"), Said("reopen"), Said("yes")]
    words += [Said("take it back"), Said("no"), Said("ro"), Said("go away")]
    return [*taps, *about, *words, Said("Helen Marsh, Tom Byrne"), Commanded("start")]


def _asked_anywhere() -> list[Input]:
    commands: list[Input] = [Commanded(name) for name in sorted(COMMANDS)]
    words = ("add to it", "clear this chat", *(f"h aaaa {at:04d}" for at in range(9)))
    return [*commands, *map(Said, words)]


def _seen(talk: Talk) -> Talk:
    """The talk as far as it decides what can come: steps and counts cut short."""
    return replace(
        talk,
        step=0,
        parts=min(talk.parts, 1),
        kept_from_words=talk.kept_from_words[:1],
        tail="",
    )


def _everywhere() -> dict[str, list[Tell]]:
    """Every state that inputs can lead to, with each prompt that is seen there."""
    prompts: dict[str, list[Tell]] = {}
    homes = [Phone(), Phone(concerns=_concerns()), Phone(concerns=_concerns()[:3])]
    homes += [Phone(staff=INDEPENDENT), Phone(staff=())]
    two = (("en", "English"), ("cy", "Cymraeg"))
    others = [
        Phone(messages=[NOW] * 5),
        Phone(concerns=_concerns()[:3], changes=_CHANGES[:1]),
        Phone(concerns=_concerns(), changes=_CHANGES[:2], wants_changes=True),
        Phone(changes=_CHANGES),
        Phone(concerns=(replace(_concerns()[0], asked=True),)),
        Phone(concerns=_concerns(State), messages=[NOW] * 5, languages=two),
        Phone(concerns=_concerns()[:1], messages=[NOW] * 5 + [NOW - timedelta(days=3)]),
    ]
    for phone in (*homes, *others):
        most, more = (5, _asked_anywhere()) if phone in others else (15, [])
        facts = phone.facts()
        done: set[Talk] = set()
        visits: Counter[str] = Counter()
        todo: deque[tuple[Talk, list[Tell]]] = deque([(Talk(), [])])
        while todo:
            talk, shown = todo.popleft()
            visits[talk.at] += 1
            if visits[talk.at] > most:
                continue
            for given in (*_inputs(talk, shown), *more):
                after = step(talk, given, facts)
                tells = [one for one in after.effects if isinstance(one, Tell)]
                asked = [one for one in tells if one.prompt]
                if after.talk.at == START:
                    continue
                prompts.setdefault(after.talk.at, []).extend(asked)
                if _seen(after.talk) not in done:
                    done.add(_seen(after.talk))
                    todo.append((after.talk, tells))
    return prompts


@pytest.fixture(scope="module")
def everywhere():
    return _everywhere()


def test_every_state_is_reachable(everywhere):
    assert set(ASKS) - set(everywhere) == set()


def test_every_prompt_offers_stop_and_help_and_at_most_five_choices(everywhere):
    foot = {one.id for one in FOOT}
    for name, prompts in everywhere.items():
        assert prompts, name
        for tell in prompts:
            choices = [button.choice for row in tell.rows for button in row]
            assert {"stop", "help"} <= set(choices), name
            assert len([one for one in choices if one not in foot]) <= MOST_CHOICES, name
            assert len(choices) == len(set(choices)), name


def test_every_key_and_value_is_worded(everywhere):
    WORDING.check(required())
    for prompts in everywhere.values():
        for tell in prompts:
            assert set(tell.params) == set(ASKED.get(tell.key, ()))
            assert WORDING.text(tell.key, **tell.params)


def test_every_variant_of_a_question_is_seen(everywhere):
    keys = {tell.key for prompts in everywhere.values() for tell in prompts}
    wanted = {
        key for ask in ASKS.values() for key in (ask.prompt, *(key for _, key in ask.variants))
    }
    # Both need more staff than these homes have.
    assert wanted - keys == {"talk.check-many", "talk.found-many"}


def test_everything_that_the_table_names_exists():
    for _, choice in CHOICES:
        assert choice.to in ASKS or choice.to in (STAY, BACK, HOME, GONE)
        assert not choice.does or choice.does in ACTS
        assert not choice.when or choice.when in GUARDS
    for ask in ASKS.values():
        assert ask.typed.does in ACTS
        assert ask.typed.to in ASKS or ask.typed.to in (STAY, BACK, HOME)
        assert {name for name, _ in (*ask.variants, *ask.skip)} <= set(GUARDS)
        assert ask.listed is None or (ask.listed.of in LISTS and ask.listed.does in ACTS)
    assert {one for names in (*ASKED.values(), *SAID.values()) for one in names} <= set(VALUES)


def test_nothing_is_named_that_the_table_does_not_use():
    used = {choice.does for _, choice in CHOICES} | {row.does for row in LASTING}
    used |= {ask.typed.does for ask in ASKS.values()}
    used |= {ask.listed.does for ask in ASKS.values() if ask.listed}
    assert set(ACTS) - used == set()
    guards = {choice.when for _, choice in CHOICES}
    guards |= {name for ask in ASKS.values() for name, _ in (*ask.variants, *ask.skip)}
    guards |= {name for one in REMARKS for name, _ in one.answers}
    assert set(GUARDS) - guards == set()


def test_the_topics_are_those_of_the_data_file():
    assert tuple(one.id for one in topics.load()) == TOPICS


def test_callback_data_fits_with_the_longest_ids():
    place = Place("x" * 32, "A place")
    phone = Phone(places=(place, place), concerns=_concerns())
    for at in ("place", "whose"):
        tell = prompt(Talk(at=at, parts=1, step=10**9), phone.facts())
        for row in tell.rows:
            for button in row:
                assert len(f"p:{tell.step}:{button.choice}".encode()) <= 64


def _any(_: SendConcern) -> bool:
    return True


def _everything(sent: SendConcern) -> bool:
    return bool(sent.topic and sent.place) and sent.kept_from == ("dave-palmer",)


def _fewest_taps(
    phone: Phone, first: Input, typed: Sequence[str] = (), wanted: Callable[..., bool] = _any
) -> list[str]:
    """The shortest way from a first input to a sent concern like the one that is wanted, by taps
    and by these typed answers, by breadth-first search."""
    facts = phone.facts()
    start = step(Talk(), first, facts)
    todo = deque([(start.talk, start.effects, ())])
    seen = set()
    while todo:
        talk, effects, taps = todo.popleft()
        if any(isinstance(one, SendConcern) and wanted(one) for one in effects):
            return list(taps)
        for tell in (one for one in effects if isinstance(one, Tell) and one.prompt):
            buttons = [button for row in tell.rows for button in row]
            does = [(one.label, Pressed(talk.step, one.choice)) for one in buttons]
            for label, given in (*does, *((one, Said(one)) for one in typed)):
                after = step(talk, given, facts)
                # However it was sent, the talk is the same afterwards.
                sends = any(isinstance(one, SendConcern) for one in after.effects)
                if sends or _seen(after.talk) not in seen:
                    seen.add(_seen(after.talk))
                    todo.append((after.talk, after.effects, (*taps, label)))
    raise AssertionError("no way to the receipt")


def test_one_message_and_at_most_three_taps_to_the_receipt():
    taps = _fewest_taps(Phone(), Said("Nobody listens."))
    one_team = _fewest_taps(Phone(places=Phone().places[:1]), Said("Nobody listens."))
    print(f"\nfirst words to receipt: 1 message + {len(taps)} taps {taps}")
    print(f"with a single team or a link: 1 message + {len(one_team)} taps {one_team}")
    assert len(taps) <= 3
    assert len(one_team) <= 2


def test_a_whole_concern_by_taps_alone():
    taps = _fewest_taps(Phone(), Commanded("start"))
    print(f"\ntaps alone: Start + {len(taps)} taps {taps}")
    assert len(taps) <= 5  # at most six screens: reference/domain.md, implication 1


AFTER: Final = {**sent.ASKS, **carer.ASKS}  # what is asked when it is safe


def _most_answers(at: str, *, for_another: bool) -> list[str]:
    """The longest way through what is asked after the receipt, from the table alone."""
    ask = ASKS[at]
    leads = dict.fromkeys((ask.typed.to, *(one.to for one in ask.choices)))  # in a fixed order
    onward = [to for to in leads if to in AFTER and (for_another or to not in carer.ASKS)]
    ways = [_most_answers(to, for_another=for_another) for to in onward]
    return [at, *max(ways, key=len, default=[])]


def test_every_question_that_there_is_takes_twelve_steps_and_two_more_for_carers():
    """Counted as what the person does; COGA asks for little input (reference/domain.md)."""
    before = _fewest_taps(Phone(), Said("Nobody listens."), ["Dave Palmer"], _everything)
    own = _most_answers("danger", for_another=False)
    others = _most_answers("danger", for_another=True)
    full, full_carer = (1 + len(before) + len(after) for after in (own, others))
    print(f"\nwith every question: {full} steps: 1 message, {before}, then {own}")
    print(f"for a carer: {full_carer} steps, the last {len(others)} of them: {others}")
    assert set(AFTER) - {"for-whom"} == set(others)
    assert full <= 12
    assert full_carer <= full + 2


@pytest.mark.parametrize("at", sorted(AFTER))
def test_one_tap_skips_whatever_is_asked_after_sending(at):
    skips = [one for one in ASKS[at].choices if one.id in ("skip", "private", "leave")]
    assert len(skips) == 1
    assert "answer.skip" in skips[0].also
