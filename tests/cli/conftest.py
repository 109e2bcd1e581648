"""A Heard of one's own in a folder, and the real command run on it."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import concerns, staff
from storage.engine import Store
from storage.secrets import Secrets

ROOT = Path(__file__).parents[2]
PASSPHRASE = "copper lantern seventh otter"
TOKEN = "1000001:sandbox-token"
SETTINGS = """
organisation = "Riverside"
database = "sqlite+aiosqlite:///heard.db"
secrets = "keys"

[[teams]]
id = "elm"
name = "Elm Ward"

[[teams]]
id = "oak"
name = "Oak House"
"""


@dataclass(frozen=True)
class Home:
    """A folder with settings, in which `heard` runs as an operator would run it."""

    folder: Path
    code: str = ""

    def environment(self, **more):
        plain = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        return plain | {"HEARD_CONFIG": "heard.toml"} | more

    def heard(self, *arguments, said="", **environment):
        """Run a command to its end; `said` is standard input."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=self.environment(**environment),
            input=said,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @property
    def url(self):
        return f"sqlite+aiosqlite:///{self.folder / 'heard.db'}"

    @property
    def secrets(self):
        return Secrets.load(self.folder / "keys")

    def stored(self, work):
        """Run `await work(conn)` in one transaction on the database."""

        async def run():
            store = await Store.open(self.url)
            try:
                async with store.write() as conn:
                    return await work(conn)
            finally:
                await store.close()

        return asyncio.run(run())

    def staff_id(self, name):
        async def find(conn):
            return (await staff.by_name(conn, self.secrets, name)).id

        return self.stored(find)

    def send(self, reference, words, readers, excluded=()):
        """A concern as the bot would send it."""
        ids = {name: self.staff_id(name) for name in {*readers, *excluded}}
        concern_id = reference.encode().hex().zfill(32)
        at = datetime(2026, 11, 20, 9, tzinfo=UTC)
        parts = tuple(
            concerns.NewPart(concern_id[8:] + f"{seq:08x}", concern_id, "words", None, at, one)
            for seq, one in enumerate(text.encode() for text in words)
        )
        new = concerns.NewConcern(
            id=concern_id,
            reference=reference,
            team="elm",
            state="sent",
            level=0,
            sent_at=at,
            due_at=None,
            due_kind=None,
            conversation_id="c" * 32,
            parts=parts,
            excluded=frozenset(ids[name] for name in excluded),
            readers=frozenset(ids[name] for name in readers),
        )
        self.stored(lambda conn: concerns.send(conn, self.secrets, [new]))
        return concern_id


def furnish(folder):
    (folder / "heard.toml").write_text(SETTINGS, encoding="utf-8")
    return Home(folder)


@pytest.fixture
def bare(tmp_path):
    """Settings, but nothing made yet."""
    return furnish(tmp_path)


@pytest.fixture(scope="session")
def _pattern(tmp_path_factory):
    """Made once, because each member of staff costs half a second; tests get copies."""
    home = furnish(tmp_path_factory.mktemp("pattern"))
    made = home.heard("init")
    assert made.returncode == 0, made.stderr
    code = re.search(r"^ +([0-9A-Z-]{60,})$", made.stdout, re.MULTILINE)[1]
    for name, *membership in (
        ("Sam Okoro", "--team", "elm", "--role", "lead"),
        ("Jo Bell", "--role", "independent"),
    ):
        added = home.heard(
            "staff", "add", name, *membership, "--passphrase-stdin", said=PASSPHRASE + "\n"
        )
        assert added.returncode == 0, added.stderr
    return Home(home.folder, code)


@pytest.fixture
def home(_pattern, tmp_path):
    """A Heard with a lead, Sam Okoro, and one of the independent role, Jo Bell."""
    folder = tmp_path / "home"
    shutil.copytree(_pattern.folder, folder)
    return Home(folder, _pattern.code)


@pytest.fixture(scope="session")
def telegram():
    """The address of a Bot API server that knows TOKEN."""
    server = subprocess.Popen(
        [sys.executable, "-m", "bot.sandbox", "--token", TOKEN],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield server.stdout.readline().strip()
    server.terminate()
    server.wait()
    server.stdout.close()


@pytest.fixture(scope="session")
def _staffed_pattern(_pattern, tmp_path_factory):
    folder = tmp_path_factory.mktemp("staffed") / "home"
    shutil.copytree(_pattern.folder, folder)
    home = Home(folder, _pattern.code)
    for name, *membership in (
        ("Lee", "--role", "senior"),
        ("Ray", "--role", "independent"),
        ("Kim", "--team", "oak", "--role", "lead"),
    ):
        said = PASSPHRASE + "\n"
        added = home.heard("staff", "add", name, *membership, "--passphrase-stdin", said=said)
        assert added.returncode == 0, added.stderr
    return home


@pytest.fixture
def staffed(_staffed_pattern, tmp_path):
    """As `home`, with everybody else that a start needs."""
    folder = tmp_path / "home"
    shutil.copytree(_staffed_pattern.folder, folder)
    return Home(folder, _staffed_pattern.code)
