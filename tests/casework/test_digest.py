"""The digest: one screen, what needs someone first, and no words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.casework.digest import MOST_LINES, Mark, Owner, Seen, digest, lines, listed
from bot.casework.keys import KEYS
from bot.casework.model import Act, Level, State
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
    assert keys[5:] == ["digest.none"]
    assert set(empty.counts) == {State(one) for one in State} - {State.CLOSED, State.WITHDRAWN}


def test_it_fits_one_screen_and_says_how_many_more():
    told = digest([numbered(sent(), n) for n in range(500)], CALENDAR, NOW, None)
    said = worded(told, own_wording())
    assert len(said) <= MOST_LINES
    assert "And 496 more." in said
    assert max(map(len, said)) < 120


def test_what_fits_exactly_is_not_cut():
    told = digest([numbered(sent(), n) for n in range(5)], CALENDAR, NOW, None)
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
    assert "date" not in lines(told)[-1].params


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
    said = worded(digest(every, CALENDAR, NOW, None, "08:30"), own_wording())
    assert said[0] == "Concerns on Monday 9 March, 08:30"


def test_danger_comes_first_until_somebody_acknowledges_it():
    late = happen(sent("2026-03-02"), Act.TIME, at("2026-03-05", 16)).concern
    danger = replace(sent("2026-03-08"), in_danger=True)
    told = digest([numbered(late, 1), numbered(danger, 2)], CALENDAR, NOW, YESTERDAY)
    assert [one.mark for one in told.entries] == [Mark.URGENT, Mark.OVERDUE]
    assert told.urgent == 1
    seen = happen(danger, Act.ACKNOWLEDGE, at("2026-03-08", 12), by="priya").concern
    told = digest([numbered(late, 1), numbered(seen, 2)], CALENDAR, NOW, YESTERDAY)
    assert told.entries[0].mark is Mark.OVERDUE
    assert told.urgent == 0


def test_it_says_who_has_it_as_far_as_its_reader_needs_to_know():
    mine, others, nobodys = (replace(sent(), owner_id=one) for one in ("priya", "sam-j", None))
    seen = [
        replace(numbered(one, n), reader="priya") for n, one in enumerate((mine, others, nobodys))
    ]
    told = digest(seen, CALENDAR, NOW, YESTERDAY)
    assert [one.owner for one in told.entries] == [Owner.YOU, Owner.OTHER, Owner.NOBODY]
    assert told.unowned == 1
    said = worded(told, own_wording())
    assert [("taken by you" in one, "not taken" in one) for one in said[5:8]] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def test_what_can_be_tapped_follows_role_state_owner_and_level():
    def can(concern, **more):
        told = digest([Seen(concern, reader="priya", **more)], CALENDAR, NOW, YESTERDAY)
        return told.entries[0].takes, told.entries[0].raises

    assert can(sent()) == (True, True)
    assert can(sent(), answers=False) == (False, False)
    assert can(replace(sent(), owner_id="priya")) == (False, True)
    assert can(replace(sent(), owner_id="sam-j")) == (True, True)
    assert can(replace(sent(), level=Level.INDEPENDENT)) == (True, False)
    assert can(in_state(State.OUTCOME)) == (False, False)


def test_only_what_has_a_line_has_buttons():
    for count in (0, 5, 6, 500):
        told = digest([numbered(sent(), n) for n in range(count)], CALENDAR, NOW, None)
        entries = [line for line in lines(told) if line.key.startswith("digest.entry.")]
        named = [one.concern.reference for one in listed(told)]
        assert [line.params["reference"] for line in entries] == named
        assert len(named) == min(count, 5 if count <= 5 else 4)
