"""Keys: what there is, how old, and a successor for any that somebody else may know."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from bot.admin.model import Ask, Hands, Refused, Say
from storage import audit_heads, audit_rotation, moving, recovery_rotation, replacing, rotation
from storage.errors import StorageError, StoreUnavailable
from storage.recovery_rotation import WrongRecoveryKey
from storage.sealing import KeyPair, WrongCode, key_pair_from_seed, seed_from_code
from storage.secrets import AUDIT, DELIVERY, DIRECTORY, RECOVERY

AGAIN: Final = (
    "It is not finished, and nothing is lost: both keys open what is there. Run the command again."
)
# Kind, file, what it locks, and what to do with it.
_FILES: Final = (
    (
        "delivery",
        DELIVERY,
        "chats: ids, what each chat owns, the way back from a concern",
        "renew it when somebody may know it",
    ),
    (
        "directory",
        DIRECTORY,
        "names and e-mail addresses of staff",
        "renew it when somebody may know it",
    ),
    (
        "recovery",
        RECOVERY,
        "every concern's key, backups, updates set aside",
        "renew it when a paper is lost or a custodian leaves",
    ),
    ("audit", AUDIT, "signs the audit", "renew it when somebody may know it"),
)


async def listing(hands: Hands, ask: Ask, say: Say) -> None:
    """Every kind of key: since when, and what to do."""
    secrets = hands.secrets
    oldest = min(secrets.epoch_made_at(number) for number in secrets.epochs)
    await say.line(
        f"drafts     {_since(oldest)}  drafts and waiting texts. Heard renews it every night."
    )
    for kind, name, what, when in _FILES:
        half = replacing.halfway(secrets, name)
        advice = f"HALF REPLACED, go on with: heard keys rotate {kind}" if half else when
        await say.line(f"{kind:<10} {_since(replacing.made_at(secrets, name))}  {what}. {advice}.")
    await say.line(
        "staff      each their own     what a member can read. They renew it: My page, New keys."
    )
    await say.line(
        "concern    each its own       the words of one concern. It is held by its readers alone "
        "and is not renewed."
    )


async def rotate(hands: Hands, ask: Ask, say: Say) -> None:
    """Replace one key of the server's own. ask: kind (drafts, delivery, directory, audit)."""
    work = _KINDS.get(str(ask["kind"]))
    if work is None:
        raise Refused(f"There is no such kind of key. Kinds: {', '.join(_KINDS)}, recovery.")
    await _plainly(work(hands, say))


async def recovery_state(hands: Hands, ask: Ask, say: Say) -> None:
    """Whether the recovery key is half replaced, as JSON."""
    await say.line(json.dumps({"halfway": replacing.halfway(hands.secrets, RECOVERY)}))


async def rotate_recovery(hands: Hands, ask: Ask, say: Say) -> None:
    """Replace the recovery key. ask: old, new (codes). The new one is on paper already."""
    old, new = _pair(ask["old"], "old"), _pair(ask["new"], "new")

    async def told(seen: int) -> None:
        await say.progress(f"Sealing concerns to the new key: {seen}")

    async def work() -> None:
        try:
            done = await recovery_rotation.replace(hands.store, hands.secrets, old, new, told)
        except WrongRecoveryKey as wrong:
            raise Refused(f"{wrong} Nothing was changed.") from None
        if done.damaged:
            await say.progress(f"{len(done.damaged)} did not open with either key and stay closed.")
        await say.line(
            f"The recovery key is replaced: {done.concerns} concerns and {done.updates} updates "
            "that were set aside are sealed to the new one."
        )
        await say.progress(OLDER_BACKUPS)

    await _plainly(work())


OLDER_BACKUPS: Final = (
    "Backups from before today still open with the OLD recovery key, and with no other. Make a new "
    "backup now. Keep the old papers as long as you keep an old backup; if somebody else may know "
    "the old key, destroy the old backups and then the old papers."
)


async def _drafts(hands: Hands, say: Say) -> None:
    # A file ages by the machine's clock.
    done = await rotation.rotate(hands.store, hands.secrets, datetime.now(UTC))
    await say.line(
        f"The draft key is replaced: {done.conversations} chats and {done.messages} waiting texts "
        f"are under the new one{_damage(done.damaged)}."
    )


async def _files_key(hands: Hands, say: Say, name: str, kind: str) -> None:
    async def told(table: str, done: int) -> None:
        await say.progress(f"Looked through {table}: {done}")

    now = hands.clock.now()
    done = await moving.replace(hands.store, hands.secrets, name, now, told)
    count = sum(done.moved.values())
    await say.line(
        f"The {kind} key is replaced: {count} rows are under the new one"
        f"{_damage(len(done.damaged))}."
    )


async def _delivery(hands: Hands, say: Say) -> None:
    await _files_key(hands, say, DELIVERY, "delivery")
    await say.progress(
        "Codes to link Telegram that staff had not used yet are void: they ask for another. "
        "Backups from before hold the old key. Make a new one."
    )


async def _directory(hands: Hands, say: Say) -> None:
    await _files_key(hands, say, DIRECTORY, "directory")
    await say.progress("Backups from before hold the old key. Make a new one.")


async def _audit(hands: Hands, say: Say) -> None:
    try:
        signer = await audit_rotation.replace(hands.store, hands.secrets, hands.clock.now())
    except audit_heads.Broken as broken:
        raise Refused(f"{broken} Look first: heard audit verify") from None
    await say.line(f"The audit's key is replaced. From now on it is signed with key {signer}.")


_KINDS: Final[Mapping[str, Callable[[Hands, Say], Awaitable[None]]]] = {
    "drafts": _drafts,
    "delivery": _delivery,
    "directory": _directory,
    "audit": _audit,
}


async def _plainly(work: Awaitable[None]) -> None:
    try:
        await work
    except replacing.Busy as busy:
        raise Refused(str(busy)) from None
    except StoreUnavailable as error:
        raise Refused(f"The database refuses for now ({error}). {AGAIN}") from error
    except StorageError as error:
        raise Refused(f"The database refuses: {error}. {AGAIN}") from error


def _pair(code: str, which: str) -> KeyPair:
    try:
        return key_pair_from_seed(seed_from_code(code))
    except WrongCode as wrong:
        raise Refused(f"The {which} code is not a recovery key. {wrong}") from None


def _since(made: datetime | None) -> str:
    return "not made yet      " if made is None else f"since {made:%d %b %Y}"


def _damage(count: int) -> str:
    return f", {count} did not open (see: heard doctor)" if count else ""
