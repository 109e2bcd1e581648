"""A whole Heard as an operator runs it: real processes, a real SQLite file, real HTTP."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]
TOKEN = "7000001:" + "A" * 35
PASSPHRASE = "seven kettles on a quiet windowsill"
TEAMS = """
organisation = "Ashby Trust"

[[teams]]
id = "rowan"
name = "Rowan ward"
digest_at = "08:30"

[[teams]]
id = "birch"
name = "Birch community team"
digest_at = "09:00"
"""
STAFF = {
    "Priya Shah": [("rowan", "answerer"), ("rowan", "lead")],
    "Tom Reyes": [("birch", "answerer"), ("birch", "lead")],
    "Grace Okafor": [("", "senior"), ("", "independent")],
    "Sam Lindqvist": [("", "independent")],
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Sandbox:
    """Telegram in a process of its own, so that it outlives a killed bot."""

    options: tuple[str, ...] = ("--no-limits", "--webhook-pause", "0.05")
    process: subprocess.Popen[str] | None = None
    url: str = ""

    def start(self) -> None:
        command = [sys.executable, "-m", "bot.sandbox", "--port", "0", "--token", TOKEN]
        self.process = subprocess.Popen(
            [*command, *self.options], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.url = next(word for word in line.split() if word.startswith("http")).rstrip("/")

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.communicate(timeout=20)


@dataclass
class Heard:
    """One installation in a folder, and the process that runs it."""

    folder: Path
    sandbox_url: str
    webhook: bool = False
    port: int = field(default_factory=free_port)
    hook_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    recovery_code: str = ""
    more: dict[str, str] = field(default_factory=dict)  # settings of this test alone

    @property
    def database(self) -> Path:
        return self.folder / "heard.db"

    @property
    def log(self) -> Path:
        return self.folder / "heard.log"

    @property
    def console_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
        env |= {
            "HEARD_CONFIG": str(self.folder / "heard.toml"),
            "HEARD_TELEGRAM_TOKEN": TOKEN,
            "HEARD_TELEGRAM_API": self.sandbox_url,
            "HEARD_TELEGRAM_RATE": "0",
            "HEARD_DATABASE": f"sqlite+aiosqlite:///{self.database}",
            "HEARD_SECRETS": str(self.folder / "secrets"),
            "HEARD_CONSOLE_URL": self.console_url,
            "HEARD_CONSOLE_PORT": str(self.port),
            "HEARD_SECOND_FACTOR": "offered",
        }
        if self.webhook:
            env |= {
                "HEARD_WEBHOOK_URL": f"http://127.0.0.1:{self.hook_port}",
                "HEARD_WEBHOOK_SECRET": "hook-" + "s" * 32,
                "HEARD_WEBHOOK_PORT": str(self.hook_port),
            }
        return env | self.more

    def command(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env=self.environment(),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    def install(self, staff: dict[str, list[tuple[str, str]]] = STAFF) -> None:
        """What an operator does once: settings, keys, database, staff."""
        (self.folder / "heard.toml").write_text(TEAMS, encoding="utf-8")
        made = self.command("init")
        assert made.returncode == 0, made.stderr
        found = re.search(r"^ +([0-9A-Z-]{60,})$", made.stdout, re.MULTILINE)
        assert found is not None
        self.recovery_code = found[1]
        for name, roles in staff.items():
            words = [word for team, role in roles for word in _role_words(team, role)]
            added = self.command(
                "staff", "add", name, *words, "--passphrase-stdin", given=PASSPHRASE + "\n"
            )
            assert added.returncode == 0, added.stderr

    def install_like(self, pattern: Heard) -> None:
        """The same installation, without making its keys again."""
        shutil.copytree(pattern.folder, self.folder, dirs_exist_ok=True)
        self.recovery_code = pattern.recovery_code

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)

    async def until_up(self) -> None:
        """Wait until the console answers; fail with the log when the process has ended."""
        async with aiohttp.ClientSession() as http:
            for _ in range(600):
                assert self.process is not None
                assert self.process.poll() is None, self.log.read_text()
                try:
                    async with http.get(self.console_url + "/health") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError(self.log.read_text())


def _role_words(team: str, role: str) -> list[str]:
    return (["--team", team] if team else []) + ["--role", role]
