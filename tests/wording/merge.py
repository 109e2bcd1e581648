"""Make one file of the several that a language was written in: `python -m tests.wording.merge en`.

The order is that of the files' names and of the sentences in them, and every comment is kept, so
that merging again changes nothing. The parts are removed once the whole reads the same.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from config import po
from config.wording import FOLDER

WIDTH = 100
TOP = (
    "Every sentence that a person can receive. How to read, change and translate it:",
    "docs/wording.md. The rules are tried by: python -m tests.wording.gate",
)
STANDARD = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


def merged(folder: Path, language: str) -> str:
    """The text of the one file."""
    files = po.files(folder, language)
    header: dict[str, str] = {}
    whole = Catalog()
    for file in files:
        header |= po.own_header(file)
        add(whole, file, above=_top(file) if len(files) > 1 else ())
    return written(language, header, whole, top=TOP if len(files) > 1 else _top(files[0]))


def add(whole: Catalog, file: Path, above: Sequence[str] = ()) -> None:
    """Add a file's sentences. What stands `above` them stands before the first."""
    for message in read(file):
        comments = [*above, *message.user_comments]
        whole.add(
            message.id,
            message.string,
            flags=message.flags - {"python-format", "python-brace-format"},
            auto_comments=message.auto_comments,
            user_comments=comments,
        )
        above = ()


def read(file: Path) -> list[Message]:
    """The sentences of a file, in its order."""
    with file.open("rb") as source:
        return [message for message in read_po(source) if message.id]


def written(
    language: str, header: Mapping[str, str], catalogue: Catalog, top: Iterable[str] = ()
) -> str:
    """A file's text. Babel drops header lines that it does not know, so ours are written here."""
    lines = {"Language": language, **STANDARD}
    lines |= {f"X-Heard-{name}": value for name, value in header.items()}
    body = io.BytesIO()
    write_po(body, catalogue, width=WIDTH, omit_header=True)
    return (
        "".join(f"# {line}".rstrip() + "\n" for line in top)
        + 'msgid ""\nmsgstr ""\n'
        + "".join(f'"{name}: {value}\\n"\n' for name, value in lines.items())
        + "\n"
        + body.getvalue().decode()
    )


def _top(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    end = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return [line.removeprefix("#").strip() for line in lines[:end]]


def main(language: str, folder: Path = FOLDER) -> None:
    before = po.read(folder, language)
    parts = sorted((folder / language).glob("*.po"))
    text = merged(folder, language)
    one = folder / f"{language}.po"
    one.write_text(text, encoding="utf-8")
    for part in parts:
        part.unlink()
    if parts:
        (folder / language).rmdir()
    if po.read(folder, language) != before:
        raise SystemExit(f"{one}: it does not read as its parts did; bring them back")
    print(f"{one}: {len(before[0])} sentences")


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["en"])
