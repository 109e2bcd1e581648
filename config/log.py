"""Logging that cannot print a person's words, a chat id, a name or the token.

Nothing is trusted to be harmless because of how it looks alone. A record of our own prints its
event only if that text stands as a constant in the function that logs, so it cannot have come
from outside; its values are printed only under names listed here and only in the shape listed
beside them. Records of libraries (whose INFO lines hold the token in an address, and whose errors
quote messages) keep their logger's name, their level and the class of an exception. Tracebacks
keep file, line and function, never values or messages.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, TextIO

OURS: Final = ("bot", "storage", "config", "__main__")
WITHHELD: Final = "(withheld)"
SMALL: Final = 100_000  # counts are below it; Telegram's ids of people are far above

_ROW_ID = re.compile(r"[0-9a-f]{32}")
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_REVISION = re.compile(r"[0-9a-f_]{1,40}")


def _row_id(value: object) -> str | None:
    return value if isinstance(value, str) and _ROW_ID.fullmatch(value) else None


def _count(value: object) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < SMALL
    return str(value) if fits else None


def _number(value: object) -> str | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < SMALL
    return f"{value:g}" if fits else None


def _serial(value: object) -> str | None:
    return str(value) if isinstance(value, int) else None


def _word(value: object) -> str | None:
    text = value.value if isinstance(value, Enum) else value
    fits = isinstance(text, str) and (_WORD.fullmatch(text) or _names_an_error(text))
    return str(text) if fits else None


def _error_name(value: object) -> str | None:
    return value if isinstance(value, str) and _names_an_error(value) else None


def _names_an_error(text: str) -> bool:
    """Whether a class of exceptions is called so. Told from the classes that there are, because
    anything could look like a name."""
    kinds: list[type[BaseException]] = [BaseException]
    while kinds:
        kind = kinds.pop()
        if kind.__name__ == text:
            return True
        kinds += type.__subclasses__(kind)
    return False


def _revision(value: object) -> str | None:
    return value if isinstance(value, str) and _REVISION.fullmatch(value) else None


def _moment(value: object) -> str | None:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else None


def _class(value: object) -> str | None:
    kind = value if isinstance(value, type) else type(value)
    return kind.__name__ if issubclass(kind, BaseException) else None


# The only values that a line can hold: what `extra=` calls them, and the shape that is let through.
FIELDS: Final[dict[str, Callable[[object], str | None]]] = {
    "concern": _row_id,
    "conversation": _row_id,
    "staff": _row_id,
    "part": _row_id,
    "file": _row_id,
    "alarm": _row_id,
    "quarantine": _row_id,
    "outbox": _serial,  # a row's number
    "count": _count,
    "attempt": _count,
    "epoch": _count,
    "lane": _count,
    "level": _count,
    "port": _count,
    "status": _count,
    "seconds": _number,
    "kind": _word,
    "state": _word,
    "step": _word,
    "command": _word,
    "method": _word,
    "revision": _revision,
    "due": _moment,
    "error": _class,
}


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send every record of the process through the narrow form, to `stream` (default: stderr).

    `level` is one of kinds.LOG_LEVELS. Uncaught exceptions of the program and of its threads take
    the same way, because the interpreter would print their messages.
    """
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_Narrow())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


class _Handler(logging.StreamHandler[TextIO]):
    """Never falls back to the library's own error report, which quotes message and arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the library's name)
        try:
            self.stream.write(f"a record of {record.module} could not be written\n")
        except (OSError, ValueError):
            return  # there is nowhere left to say it


class _Narrow(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = [at.replace("+00:00", "Z"), record.levelname, record.name]
        if _is_ours(record):
            parts += [_event(record), *_fields(record)]
        if record.exc_info and record.exc_info[1] is not None:
            parts += _chain(record.exc_info[1])
        return " ".join(parts)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _event(record: logging.LogRecord) -> str:
    """The event, if the function that logged it holds that text as a constant."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (the documented way to a caller)
    while frame is not None:
        code = frame.f_code
        if code.co_filename == record.pathname and code.co_name == record.funcName:
            return _filled(record) if record.msg in code.co_consts else WITHHELD
        frame = frame.f_back
    return WITHHELD


def _filled(record: logging.LogRecord) -> str:
    """The event with its positional values, each let through only in a harmless shape."""
    text = str(record.msg)
    if not record.args:
        return text
    values = iter(record.args if isinstance(record.args, tuple) else ())
    return re.sub(r"%[-+ #0]?[\d.]*[a-z]", lambda _: _harmless(next(values, "")), text)


def _harmless(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return str(value)
    for shape in (_row_id, _number, _class, _error_name):
        shown = shape(value)
        if shown is not None:
            return shown
    return (_word(value) if isinstance(value, Enum) else _moment(value)) or WITHHELD


def _fields(record: logging.LogRecord) -> Iterator[str]:
    for name, shape in FIELDS.items():
        if name in record.__dict__:
            yield f"{name}={shape(record.__dict__[name]) or WITHHELD}"


def _chain(error: BaseException) -> Iterator[str]:
    """The exception and its causes: each its class and the way it took, newest call last."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield f"{type(cause).__name__}[{' > '.join(_steps(cause.__traceback__))}]"
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _steps(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        where = "/".join(Path(code.co_filename).parts[-2:])
        yield f"{where}:{traceback.tb_lineno}:{code.co_name}"
        traceback = traceback.tb_next


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("bot").critical("uncaught", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _unraisable(args: Any) -> None:
    if args.exc_value is not None:
        _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
