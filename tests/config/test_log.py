"""Attempts to make the log say what it must not."""

import asyncio
import io
import logging
import subprocess
import sys
import textwrap
import threading
from enum import StrEnum

import pytest

from config import log

WORDS = "they hit me at night"
CHAT = 5123456789
TOKEN = "123456:AAE-secret"
NAME = "alice"
ROW = "0123456789abcdef0123456789abcdef"


class Kind(StrEnum):
    STOLEN = "stolen"


@pytest.fixture
def printed():
    """Logging as the program has it; put back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook)
    unraisable = sys.unraisablehook
    levels = {name: logging.getLogger(name).level for name in log.OURS}
    stream = io.StringIO()
    log.configure("debug", stream)
    yield stream.getvalue
    logging.captureWarnings(capture=False)
    root.handlers[:], level, sys.excepthook, threading.excepthook = before
    sys.unraisablehook = unraisable
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


@pytest.fixture
def ours():
    return logging.getLogger("bot.turns.talk")


def leaks(text):
    return [secret for secret in (WORDS, str(CHAT), TOKEN, NAME) if secret in text]


def test_an_event_with_row_ids_and_counts_is_printed(printed, ours):
    ours.warning("update set aside", extra={"quarantine": ROW, "count": 3, "kind": Kind.STOLEN})
    assert f"WARNING bot.turns.talk update set aside quarantine={ROW}" in printed()
    assert "count=3 kind=stolen" in printed()


def test_the_name_of_an_error_is_printed_and_nothing_that_looks_like_one(printed, ours):
    ours.error("failed: %s", type(KeyError()).__name__)
    ours.error("failed", extra={"kind": "TimeoutError"})
    ours.error("failed: %s", "AliceError")
    assert "failed: KeyError" in printed()
    assert "kind=TimeoutError" in printed()
    assert "AliceError" not in printed()


def test_words_in_place_of_an_event_are_withheld(printed, ours):
    ours.info(WORDS)
    ours.info(f"got {WORDS} from {CHAT}")
    assert printed().count(log.WITHHELD) == 2
    assert not leaks(printed())


@pytest.mark.parametrize("value", [WORDS, CHAT, -CHAT, TOKEN, NAME, {"text": WORDS}, b"alice"])
def test_a_positional_value_that_could_be_a_person_is_withheld(printed, ours, value):
    ours.info("seen %s", value)
    assert f"seen {log.WITHHELD}" in printed()


@pytest.mark.parametrize("field", sorted(log.FIELDS.keys() - {"outbox"}))
def test_no_field_takes_words_or_a_chat_id(printed, ours, field):
    for value in (WORDS, CHAT, TOKEN, {"text": WORDS}):
        ours.info("seen", extra={field: value})
    assert printed().count(f"{field}={log.WITHHELD}") == 4


def test_a_field_that_is_not_listed_is_not_printed(printed, ours):
    ours.info("seen", extra={"text": WORDS, "chat_id": CHAT, "person": NAME})
    assert printed().endswith("bot.turns.talk seen\n")


def test_a_mapping_of_values_is_not_printed(printed, ours):
    ours.info("seen %(text)s", {"text": WORDS})
    assert not leaks(printed())


@pytest.mark.parametrize(
    "library", ["httpx", "telegram.ext", "uvicorn.error", "sqlalchemy.engine", "aiohttp", "other"]
)
def test_a_library_is_reduced_to_its_name_and_the_class_of_its_error(printed, library):
    error = RuntimeError(WORDS)
    logging.getLogger(library).error("POST /bot%s %s", TOKEN, WORDS, exc_info=error)
    assert f"ERROR {library} RuntimeError[" in printed()
    assert not leaks(printed())


def test_a_traceback_keeps_places_and_drops_values(printed, ours):
    def fails(words):
        raise KeyError(words)

    try:
        try:
            fails(WORDS)
        except KeyError as error:
            raise ValueError(f"{TOKEN} {NAME}") from error
    except ValueError:
        ours.exception("turn failed")
    assert "ValueError[config/test_log.py:" in printed()
    assert ":fails]" in printed()
    assert not leaks(printed())


def test_a_task_that_nobody_awaited_says_no_words(printed):
    async def forgotten():
        async def fails():
            raise RuntimeError(WORDS)

        task = asyncio.create_task(fails())
        await asyncio.wait([task])
        del task

    asyncio.run(forgotten())
    assert "ERROR asyncio RuntimeError[" in printed()
    assert not leaks(printed())


def test_the_end_of_the_program_says_no_words():
    program = f"""
        import logging, threading
        from config import log
        log.configure("info")
        logging.getLogger("bot").info("count %d of %s", {WORDS!r})
        class Broken(Exception):
            def __str__(self):
                raise RuntimeError({NAME!r})
        logging.getLogger("bot").error("failed %s", Broken(), extra={{"error": Broken()}})
        thread = threading.Thread(target=lambda: (_ for _ in ()).throw(RuntimeError({WORDS!r})))
        thread.start()
        thread.join()
        raise ValueError({TOKEN!r})
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "count (withheld) of (withheld)" in ended.stderr
    assert "failed Broken error=Broken" in ended.stderr
    assert "uncaught ValueError[" in ended.stderr
    assert "RuntimeError[" in ended.stderr
    assert not leaks(ended.stdout + ended.stderr)
