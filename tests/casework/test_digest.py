"""The digest: one screen, what needs someone first, and no words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.casework.digest import MOST_LINES, Mark, Seen, digest, lines
from bot.casework.keys import KEYS
from bot.casework.model import Act, State
from tests.casework.cases import CALENDAR, at, happen, in_state, own_wording, sent

NOW = at("2026-03-09", 8, 30)
YESTERDAY = NOW - timedelta(days=1)


def numbered(concern, number):
    return Seen(replace(concern, id=str(number), reference=f"H-0000-{number:04}"))


def worded(told, wording):
    return [
        wording.text(
            line.key, **line.params, **{name: wording.text(key) for name, key in line.keys.items()}
        )
        for line in lines(told)
    ]


def test_an_empty_digest_has_the_same_shape():
    empty, busy = digest([], CALENDAR, NOW, YESTERDAY), digest([Seen(sent())], CALENDAR, NOW, None)
    keys = [line.key for line in lines(empty)]
    assert keys[:5] == [line.key for line in lines(busy)][:5]
    assert keys[5:] == ["digest.none", "digest.end"]
    assert set(empty.counts) == {State(one) for one in State} - {State.CLOSED, State.WITHDRAWN}


def test_it_fits_one_screen_and_says_how_many_more():
    told = digest([numbered(sent(), n) for n in range(500)], CALENDAR, NOW, None)
    said = worded(told, own_wording())
    assert len(said) <= MOST_LINES
    assert "And 495 more." in said
    assert max(map(len, said)) < 120


def test_what_fits_exactly_is_not_cut():
    told = digest([numbered(sent(), n) for n in range(6)], CALENDAR, NOW, None)
    assert len(lines(told)) == MOST_LINES
    assert not any(line.key == "digest.more" for line in lines(told))


def test_overdue_comes_first_then_today_then_new():
    late = happen(sent("2026-03-02"), Act.TIME, at("2026-03-05", 16)).concern
    today = in_state(State.ACKNOWLEDGED)  # its answer was promised for 9 March
    new = sent("2026-03-09", 8)
    waiting = in_state(State.OUTCOME)
    seen = [numbered(one, n) for n, one in enumerate((waiting, new, today, late))]
    told = digest(seen, CALENDAR, NOW, YESTERDAY)
    assert [one.mark for one in told.entries] == [Mark.OVERDUE, Mark.TODAY, Mark.NEW, Mark.TOLD]
    later = happen(late, Act.TIME, at("2026-03-09", 16)).concern
    told = digest([*seen[:3], numbered(later, 9)], CALENDAR, at("2026-03-10", 8), YESTERDAY)
    assert told.entries[0].mark is Mark.OVERDUE
    assert (told.overdue, told.entries[0].concern.reference) == (2, "H-0000-0002")


def test_among_equals_those_the_reader_answers_for_come_first():
    seen = [replace(numbered(sent(), n), mine=n == 2) for n in range(4)]
    told = digest(seen, CALENDAR, NOW, None)
    assert [one.mine for one in told.entries] == [True, False, False, False]


def test_what_waits_for_the_person_comes_last_and_owes_no_word():
    seen = [numbered(in_state(state), n) for n, state in enumerate((State.OUTCOME, State.LOOKING))]
    told = digest(seen, CALENDAR, at("2026-03-04", 8), YESTERDAY)
    assert [one.mark for one in told.entries] == [Mark.OPEN, Mark.TOLD]
    assert "date" not in lines(told)[-2].params


def test_closed_concerns_are_not_in_it():
    told = digest(
        [Seen(in_state(State.CLOSED)), Seen(in_state(State.WITHDRAWN))], CALENDAR, NOW, None
    )
    assert not told.entries
    assert not sum(told.counts.values())


def test_what_nobody_acknowledged_in_time_is_overdue_from_the_first_miss_on():
    missed = happen(sent("2026-03-02", 9), Act.TIME, at("2026-03-05", 16)).concern
    told = digest([Seen(missed)], CALENDAR, at("2026-03-06", 8), at("2026-03-05", 8))
    assert [one.mark for one in told.entries] == [Mark.OVERDUE]


def test_what_was_opened_again_comes_before_what_is_new():
    again, new = in_state(State.REOPENED), sent("2026-03-08")
    told = digest([Seen(new), Seen(again)], CALENDAR, at("2026-03-09", 8), at("2026-03-07"))
    assert [one.mark for one in told.entries] == [Mark.AGAIN, Mark.NEW]


def test_new_is_counted_also_when_it_is_listed_for_another_reason():
    told = digest([Seen(sent("2026-03-02", 9))], CALENDAR, at("2026-03-05", 8), at("2026-03-01"))
    assert (told.new, told.today) == (1, 1)


def test_every_line_has_a_sentence_for_its_values():
    every = [numbered(in_state(state), n) for n, state in enumerate(State)]
    for line in lines(digest(every, CALENDAR, NOW, None)):
        assert KEYS[line.key] == line.params.keys() | line.keys.keys()
    said = worded(digest(every, CALENDAR, NOW, None), own_wording())
    assert said[0] == "Concerns on Monday 9 March"
