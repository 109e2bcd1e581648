"""One process owns one SQLite file: two that write to it can corrupt it or wait for each other."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from storage.errors import FileInUse, StoreUnavailable

_PRIVATE = 0o600


class FileLock:
    """A lock on `<database>.lock`; the system gives it back when the process dies, however."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, database: Path) -> Self:
        """Raises FileInUse when another process (or this one) has it, StoreUnavailable for I/O."""
        path = database.with_name(database.name + ".lock")
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
        except OSError as error:
            raise StoreUnavailable(f"{path} cannot be opened ({error.strerror})") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise FileInUse(
                f"Another process uses {database}. While Heard runs, 'heard staff add' and"
                " 'heard backup' go through it by themselves; for anything else stop it first."
            ) from None
        return cls(descriptor)

    def release(self) -> None:
        """Give the lock back. The file stays: removing it would let two processes lock two."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
