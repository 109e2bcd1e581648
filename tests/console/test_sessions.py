"""Sessions and delays by a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable

from bot.console.sessions import ABSOLUTE_SECONDS, IDLE_SECONDS, KEEPSAKE_SECONDS, Sessions
from bot.console.throttle import MOST_KEYS, Rule, Throttle


class Seconds:
    """A monotonic clock moved by hand, which also keeps the calls that wait for it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waiting: list[Callable[[], None]] = []

    def __call__(self) -> float:
        return self.now

    def later(self, _seconds: float, call: Callable[[], None]) -> None:
        self.waiting.append(call)

    def run_waiting(self) -> None:
        waiting, self.waiting = self.waiting, []
        for call in waiting:
            call()


def test_a_session_nobody_uses_ends_after_twenty_minutes() -> None:
    clock = Seconds()
    sessions = Sessions(clock, clock.later)
    token = sessions.begin("anna", b"public", b"private")
    clock.now += IDLE_SECONDS - 1
    assert sessions.find(token) is not None
    clock.now += IDLE_SECONDS - 1
    assert sessions.find(token) is not None
    clock.now += IDLE_SECONDS
    assert sessions.find(token) is None


def test_a_session_in_use_ends_after_eight_hours() -> None:
    clock = Seconds()
    sessions = Sessions(clock, clock.later)
    token = sessions.begin("anna", b"public", b"private")
    for _ in range(ABSOLUTE_SECONDS // 600 - 1):
        clock.now += 600
        assert sessions.find(token) is not None
    clock.now += 600
    assert sessions.find(token) is None


def test_the_key_is_overwritten_when_the_session_ends_even_if_no_page_is_asked_for() -> None:
    clock = Seconds()
    sessions = Sessions(clock, clock.later)
    session = sessions.find(sessions.begin("anna", b"public", b"private"))
    assert session is not None and session.private == b"private"
    clock.now += IDLE_SECONDS
    clock.run_waiting()
    assert session.private == bytes(len(b"private"))
    assert clock.waiting == []


def test_what_lapsed_is_remembered_for_a_day_and_what_was_signed_out_is_not() -> None:
    clock = Seconds()
    sessions = Sessions(clock, clock.later)
    idle, left = (sessions.begin("anna", b"public", b"private") for _ in range(2))
    sessions.end(left)
    clock.now += IDLE_SECONDS
    lapsed = sessions.lapsed(idle)
    assert lapsed is not None and lapsed.staff_id == "anna"
    assert sessions.lapsed(left) is None
    assert sessions.lapsed("never-given") is None
    clock.now += KEEPSAKE_SECONDS
    assert sessions.lapsed(idle) is None


def test_a_session_never_prints_its_key() -> None:
    clock = Seconds()
    sessions = Sessions(clock, clock.later)
    session = sessions.find(sessions.begin("anna", b"public", b"private-bytes"))
    assert "private-bytes" not in repr(session)


RULE = Rule(free=3, first=2, longest=16, forget=100)


def test_the_delay_doubles_with_each_failure_up_to_the_longest() -> None:
    clock = Seconds()
    throttle = Throttle(RULE, clock)
    waits = []
    for _ in range(8):
        throttle.attempt("anna")
        waits.append(throttle.wait("anna"))
        clock.now += waits[-1]
    assert waits == [0, 0, 2, 4, 8, 16, 16, 16]
    assert throttle.wait("ben") == 0


def test_a_success_or_a_long_quiet_clears_the_delay() -> None:
    clock = Seconds()
    throttle = Throttle(RULE, clock)
    for name in ("anna", "ben"):
        for _ in range(5):
            throttle.attempt(name)
    throttle.forgive("anna", all_of_it=True)
    assert throttle.wait("anna") == 0
    assert throttle.wait("ben") > 0
    clock.now += RULE.forget
    assert throttle.wait("ben") == 0


def test_one_success_takes_back_one_failure_of_everybody() -> None:
    clock = Seconds()
    throttle = Throttle(RULE, clock)
    for _ in range(4):
        throttle.attempt("*")
    throttle.forgive("*", all_of_it=False)
    assert throttle.wait("*") == RULE.first


def test_names_tried_do_not_fill_the_memory() -> None:
    throttle = Throttle(RULE, Seconds())
    for number in range(MOST_KEYS + 10):
        throttle.attempt(str(number))
    assert len(throttle) == MOST_KEYS
