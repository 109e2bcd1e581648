"""A file for translators, with the English beside each key: `python -m tests.wording.update cy`.

Run again after the English changed, it keeps every translation, adds what is new without one, and
marks as fuzzy what was made from another English. Neither starts until somebody has looked.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from config import po
from config.wording import FOLDER
from tests.wording.merge import add, read, written

SOURCE = "en"
ENGLISH = "English: "
LINE = "⏎"  # stands for the end of a line in the English that translators are shown
HEADER = {"Own-Name": "", "Checked": "no", "Direction": "ltr"}
TOP = (
    "Write each sentence in msgstr. Leave names in braces as they are: they are filled in.",
    f"The English is in the comments; {LINE} there is the end of a line, which is \\n here.",
    "At most 20 words a sentence, 3 sentences a paragraph, 500 characters a message, and no",
    "exclamation marks. For keys that begin with answer. write what people might type, with |",
    "between. Take away a line that says fuzzy when the sentence below it is right again.",
    "More: docs/wording.md.",
)


def english(folder: Path = FOLDER) -> Catalog:
    whole = Catalog()
    for file in po.files(folder, SOURCE):
        add(whole, file)
    return whole


def source_of(message: Message) -> str:
    """The English that a translation was made from; empty if its file does not say."""
    said = " ".join(message.auto_comments).split(ENGLISH, 1)
    return " ".join(said[1].split()) if len(said) > 1 else ""


def flat(text: str) -> str:
    """English on one line, as it stands in a comment."""
    return " ".join(text.replace("\n", f" {LINE} ").split())


def updated(folder: Path, language: str) -> tuple[str, dict[str, list[str]]]:
    """The text of the file, and the keys that need somebody, by what is wrong with them."""
    file = folder / f"{language}.po"
    known = {one.id: one for one in read(file)} if file.is_file() else {}
    header = po.own_header(file) if file.is_file() else {}
    fresh, found = Catalog(), {"new": [], "changed": [], "gone": sorted(known)}
    for message in english(folder):
        if not message.id:
            continue
        old = known.get(message.id)
        if old is not None:
            found["gone"].remove(message.id)
        state = _state(old, message)
        if state:
            found[state].append(message.id)
        fresh.add(
            message.id,
            old.string if old is not None else "",
            flags={"fuzzy"} if state == "changed" else (),
            auto_comments=[*message.auto_comments, ENGLISH + flat(message.string)],
            user_comments=message.user_comments,
        )
    return written(language, HEADER | header, fresh, TOP), found


def _state(old: Message | None, message: Message) -> str:
    if old is None or not old.string:
        return "new"
    return "changed" if old.fuzzy or source_of(old) != flat(message.string) else ""


def main(language: str, folder: Path = FOLDER) -> None:
    text, found = updated(folder, language)
    (folder / f"{language}.po").write_text(text, encoding="utf-8")
    for what, keys in found.items():
        print(f"{what}: {len(keys)}", *keys)


if __name__ == "__main__":
    main(sys.argv[1])
