"""Files that must be whole, private and still there after a power cut."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_private_folder(folder: Path) -> None:
    """Make `folder` (and what is above it) and close it to all but its owner."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(FOLDER_MODE)


def open_new(path: Path) -> BinaryIO:
    """Open a new, empty file for writing that its owner alone can read.

    Replaces what an interrupted run left at `path`: use it for temporary names only.
    """
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    return os.fdopen(descriptor, "wb")


def put_in_place(half: Path, path: Path) -> None:
    """Give a finished and synced file its name. Raises FileExistsError rather than replace one."""
    try:
        os.link(half, path)
        half.unlink()
    except OSError as error:
        # A memory stick may know no links; there a rename after a look has to do.
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP} or path.exists():
            raise
        half.rename(path)
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Put `content` at `path` whole or not at all, on disk before returning.

    Raises FileExistsError rather than replace anything.
    """
    half = path.with_name(f".{path.name}.half")
    try:
        with open_new(half) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(half, path)
    finally:
        half.unlink(missing_ok=True)


def write_over(path: Path, content: bytes) -> None:
    """Put `content` at `path` whole, in place of what was there, on disk before returning."""
    half = path.with_name(f".{path.name}.half")
    with open_new(half) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    sync_folder(path.parent)


def replace_and_shred(path: Path, content: bytes) -> None:
    """`write_over`, and what was there is overwritten too. A crash on the way leaves one of the two
    whole, and perhaps old bytes beside it: `clear_gone` takes those."""
    clear_gone(path)
    gone = _gone(path)
    try:
        os.link(path, gone)  # the old bytes keep a name until they are overwritten
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP}:  # a disk that knows no links
            raise
    write_over(path, content)
    shred(gone)


def clear_gone(path: Path) -> None:
    """Overwrite what an interrupted `replace_and_shred` of `path` left beside it."""
    gone = _gone(path)
    if gone.exists() and gone.samefile(path):
        gone.unlink()  # it stopped before anything was replaced
    shred(gone)
    shred(path.with_name(f".{path.name}.half"))


def _gone(path: Path) -> Path:
    return path.with_name(f".{path.name}.gone")


def shred(path: Path) -> None:
    """Overwrite and remove a file; does nothing when it is gone.

    Disks that write elsewhere (most SSDs, copy-on-write file systems) may keep the old bytes: there
    only an encrypted disk helps.
    """
    try:
        with path.open("r+b") as file:
            size = os.fstat(file.fileno()).st_size
            file.write(os.urandom(size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames, links and removals in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
