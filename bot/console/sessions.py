"""Browser sessions of staff, held in memory only: they carry an unlocked private key, which must
never reach a disk, and which goes when the session ends or the process stops."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.console.shelf import Room, Shelf

IDLE_SECONDS = 20 * 60  # a phone left on a ward table at handover
ABSOLUTE_SECONDS = 8 * 60 * 60  # shorter than a long shift, so nobody inherits a session
SWEEP_SECONDS = 60  # a key outlives its session by this much at the most
KEEPSAKE_SECONDS = 24 * 60 * 60  # how long after that a half-written answer is still accepted

Later = Callable[[float, Callable[[], None]], None]


@dataclass(slots=True)
class Session:
    """One signed-in browser. `started` and `seen` are seconds of the monotonic clock."""

    staff_id: str
    public_key: bytes
    csrf: str
    started: float
    seen: float
    _private: bytearray = field(repr=False)
    shelf: Shelf = field(repr=False)  # what its searches have read
    has_factor: bool = False  # a code was asked for, or a phone was set up since
    offered: bytes = field(default=b"", repr=False)  # a secret that no phone has confirmed yet
    memory: dict[str, object] = field(default_factory=dict, repr=False)  # what was opened with it

    @property
    def private(self) -> bytes:
        """The staff member's unlocked private key. Use it, do not keep it."""
        return bytes(self._private)

    def wipe(self) -> None:
        """Overwrite our copy. Python may hold others for a moment; the README says so."""
        self._private[:] = bytes(len(self._private))
        self.offered = b""
        self.shelf.wipe()
        self.memory.clear()


@dataclass(frozen=True, slots=True)
class Lapsed:
    """What is left of a session that ran out: enough to keep words that were posted too late."""

    staff_id: str
    csrf: str
    until: float


class Sessions:
    """All sessions of this process, looked up by the hash of their token, so that neither a
    memory dump of the table nor the timing of a look-up gives a token away.

    `later(seconds, call)` arranges a call, so that keys go in time though nobody asks for a page.
    """

    def __init__(self, monotonic: Callable[[], float], later: Later) -> None:
        self._now = monotonic
        self._later = later
        self._room = Room()
        self._sweeping = False
        self._live: dict[bytes, Session] = {}
        self._lapsed: dict[bytes, Lapsed] = {}

    def begin(
        self, staff_id: str, public_key: bytes, private: bytes, has_factor: bool = False
    ) -> str:
        """Start a session and give back its new random 256-bit token."""
        token, now = secrets.token_urlsafe(32), self._now()
        self._live[key_of(token)] = Session(
            staff_id=staff_id,
            public_key=public_key,
            csrf=secrets.token_urlsafe(32),
            started=now,
            seen=now,
            _private=bytearray(private),
            shelf=Shelf(self._room),
            has_factor=has_factor,
        )
        self._keep_sweeping()
        return token

    def find(self, token: str) -> Session | None:
        """The live session of a token, marked as used now; None if there is none."""
        self.sweep()
        session = self._live.get(key_of(token))
        if session is not None:
            session.seen = self._now()
        return session

    def renew(self, token: str) -> str:
        """The same session under a new token, after what protects it has changed: a copy of the
        old one is worth nothing. The old token, unchanged, when it has no session."""
        session = self._live.pop(key_of(token), None)
        if session is None:
            return token
        new = secrets.token_urlsafe(32)
        self._live[key_of(new)] = session
        return new

    def lapsed(self, token: str) -> Lapsed | None:
        """A session that we began, that ran out by itself, and not long ago."""
        self.sweep()
        return self._lapsed.get(key_of(token))

    def end(self, token: str) -> None:
        """Sign out: the key is wiped and the token is worth nothing, not even for a draft."""
        session = self._live.pop(key_of(token), None)
        if session is not None:
            session.wipe()
        self._lapsed.pop(key_of(token), None)

    def end_all_of(self, staff_id: str, except_token: str = "") -> None:
        """Sign a member out everywhere, or everywhere else; what lapsed is worth nothing either."""
        keep = key_of(except_token)
        for key, session in list(self._live.items()):
            if session.staff_id == staff_id and key != keep:
                session.wipe()
                del self._live[key]
        self._lapsed = {key: old for key, old in self._lapsed.items() if old.staff_id != staff_id}

    def sweep(self) -> None:
        """Wipe the keys of sessions that ran out, used or not."""
        now = self._now()
        for key, session in list(self._live.items()):
            ends = min(session.seen + IDLE_SECONDS, session.started + ABSOLUTE_SECONDS)
            if now >= ends:
                session.wipe()
                del self._live[key]
                self._lapsed[key] = Lapsed(session.staff_id, session.csrf, ends + KEEPSAKE_SECONDS)
        self._lapsed = {key: old for key, old in self._lapsed.items() if now < old.until}

    def close(self) -> None:
        """The process stops: wipe every key."""
        for session in self._live.values():
            session.wipe()
        self._live.clear()
        self._lapsed.clear()

    def _keep_sweeping(self) -> None:
        if not self._sweeping and self._live:
            self._sweeping = True
            self._later(SWEEP_SECONDS, self._timed_sweep)

    def _timed_sweep(self) -> None:
        self._sweeping = False
        self.sweep()
        self._keep_sweeping()


def key_of(token: str) -> bytes:
    """What a token is looked up by, so that a table of sessions gives none away."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
