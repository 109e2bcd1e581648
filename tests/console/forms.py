"""Every form of a page, as a browser without script would post it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXT = {"text", "email", "search", "password", "number", "date", ""}


@dataclass
class Form:
    """Where it posts to, the fields it posts by itself, and those that people write into."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def filled(self, words: str) -> dict[str, str]:
        return self.fields | dict.fromkeys(self.written, words)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag, attrs) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.forms.append(Form(given.get("action") or "", given.get("method") or "get"))
        elif not self.forms or (not name and tag != "option"):
            return
        elif tag == "input":
            self._input(name, given)
        elif tag == "textarea":
            self.forms[-1].written.append(name)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.forms[-1].fields.setdefault(self._select, given.get("value") or "")
        elif tag == "button":
            self.forms[-1].fields.setdefault(name, given.get("value") or "")

    def handle_endtag(self, tag) -> None:
        if tag == "select":
            self._select = ""

    def _input(self, name, given) -> None:
        form, kind = self.forms[-1], given.get("type") or ""
        if kind in TEXT:
            form.written.append(name)
        elif kind == "radio":
            form.fields.setdefault(name, given.get("value") or "")
        elif kind == "hidden":
            form.fields[name] = given.get("value") or ""


def forms_of(page) -> list[Form]:
    reader = _Reader()
    reader.feed(page.text)
    return [one for one in reader.forms if one.method.lower() == "post"]
