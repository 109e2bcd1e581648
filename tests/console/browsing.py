"""A browser without script, for tests: cookies, forms, and no redirect followed by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

import aiohttp


@dataclass(frozen=True)
class Seen:
    """What a browser was given."""

    status: int
    text: str
    headers: dict[str, str]
    cookies: dict[str, object]

    @property
    def csrf(self) -> str:
        return re.search(r'name="csrf" value="([^"]*)"', self.text)[1]

    def field(self, name: str) -> str:
        return unescape(re.search(rf'name="{name}" value="([^"]*)"', self.text)[1])


class Browser:
    """One browser with its own cookies; it follows no redirect by itself."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def get(self, path: str, **headers: str) -> Seen:
        return await self._ask("GET", path, None, headers)

    async def post(self, path: str, fields: dict[str, str] | bytes, **headers: str) -> Seen:
        return await self._ask("POST", path, fields, headers)

    async def sign_in(self, name: str, passphrase: str | None = None, after: str = "") -> Seen:
        page = await self.get(f"/sign-in?next={after}")
        return await self.try_passphrase(page, name, passphrase or passphrase_of(name))

    async def try_passphrase(self, page: Seen, name: str, passphrase: str) -> Seen:
        fields = {"csrf": page.csrf, "name": name, "passphrase": passphrase}
        return await self.post("/sign-in", fields | {"next": page.field("next")})

    async def act(self, path: str, on: str, **fields: str) -> Seen:
        """Post with the token of the page `on`."""
        page = await self.get(on)
        return await self.post(path, {"csrf": page.csrf, **fields})

    @property
    def token(self) -> str | None:
        return next((one.value for one in self.http.cookie_jar if one.key == "heard"), None)

    async def _ask(self, method, path, data, headers) -> Seen:
        async with self.http.request(
            method, self.url + path, data=data, headers=headers, allow_redirects=False
        ) as answer:
            text = await answer.text(errors="replace")  # a file may be no text
            return Seen(answer.status, text, dict(answer.headers), dict(answer.cookies))


def passphrase_of(name: str) -> str:
    """The passphrase of a member of staff in these tests."""
    return f"quiet-otter-{name.partition(' ')[0].lower()}-lantern"
