"""What members change about their own way in: passphrase, second factor, e-mail address; and the
one thing that a colleague may do to it. Each is one transaction with its line in the audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.casework.model import Member
from bot.desk.inviting import NotYours, may_reset
from storage import audit, one_time_codes, second_factors, staff
from storage.engine import Store
from storage.second_factors import Factor
from storage.secrets import Secrets


class Took(StrEnum):
    """What was made of a code."""

    PHONE = "phone"
    PAPER = "paper"
    REFUSED = "refused"  # wrong, too old, or used before
    NO_FACTOR = "no-factor"  # there is none (any more)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who changes their own, with the private half that they unlocked."""

    staff_id: str
    private: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """`at` is always a second of the real clock: phones know no other."""

    store: Store
    keys: Secrets

    async def codes_left(self, owner: Owner) -> int | None:
        """How many recovery codes are left; None without a second factor. Raises DamagedRow."""
        async with self.store.read() as conn:
            factor = await second_factors.load(conn, owner.staff_id, owner.private)
        return None if factor is None else len(factor.recovery)

    async def has_factor(self, staff_id: str) -> bool:
        async with self.store.read() as conn:
            return await second_factors.exists(conn, staff_id)

    async def who_have_one(self) -> frozenset[str]:
        async with self.store.read() as conn:
            return await second_factors.having(conn)

    async def set_up(
        self, owner: Owner, secret: bytes, code: str, at: float, now: datetime
    ) -> tuple[str, ...] | None:
        """Begin to ask for codes of this phone, once it has shown a right one. Returns the recovery
        codes; None for a wrong code, and when there is a second factor already."""
        step = one_time_codes.step_of(secret, code, at, after=-1)
        if step is None:
            return None
        codes = one_time_codes.new_recovery_codes()
        factor = Factor(secret, step, ()).with_codes(owner.staff_id, codes)
        async with self.store.write() as conn:
            if await second_factors.exists(conn, owner.staff_id):
                return None
            await second_factors.save(conn, owner.staff_id, factor, now)
            await audit.note(conn, now, owner.staff_id, "second-factor-set", None)
        return codes

    async def take_code(self, owner: Owner, code: str, at: float, now: datetime) -> Took:
        """Use a code of the phone or a recovery code up. Raises DamagedRow."""
        async with self.store.write() as conn:
            factor = await second_factors.load(conn, owner.staff_id, owner.private, True)
            if factor is None:
                return Took.NO_FACTOR
            left, took = factor.after_phone(code, at), Took.PHONE
            if left is None:
                left, took = factor.after_paper(owner.staff_id, code), Took.PAPER
            if left is None:
                return Took.REFUSED
            await second_factors.save(conn, owner.staff_id, left, now)
            if took is Took.PAPER:
                await audit.note(conn, now, owner.staff_id, "recovery-code-used", None)
        return took

    async def new_codes(self, owner: Owner, now: datetime) -> tuple[str, ...] | None:
        """New recovery codes in place of the old ones; None without a second factor."""
        codes = one_time_codes.new_recovery_codes()
        async with self.store.write() as conn:
            factor = await second_factors.load(conn, owner.staff_id, owner.private, True)
            if factor is None:
                return None
            factor = factor.with_codes(owner.staff_id, codes)
            await second_factors.save(conn, owner.staff_id, factor, now)
            await audit.note(conn, now, owner.staff_id, "recovery-codes-made", None)
        return codes

    async def give_up(self, staff_id: str, now: datetime) -> None:
        """Ask for no more codes of this phone."""
        async with self.store.write() as conn:
            if await second_factors.remove(conn, staff_id):
                await audit.note(conn, now, staff_id, "second-factor-removed", None)

    async def reset(self, by: Member, other: Member, now: datetime) -> bool:
        """Take away a colleague's second factor; whether they had one. Raises NotYours."""
        if not may_reset(by, other):
            raise NotYours
        async with self.store.write() as conn:
            gone = await second_factors.remove(conn, other.id)
            if gone:
                detail = f"of:{other.id}"
                await audit.note(conn, now, by.id, "second-factor-removed", None, detail)
        return gone

    async def change_passphrase(
        self, staff_id: str, public: bytes, locked: bytes, now: datetime
    ) -> bool:
        """Put a new lock on the same keys; False when they were replaced meanwhile."""
        async with self.store.write() as conn:
            done = await staff.relock(conn, staff_id, public, locked)
            if done:
                await audit.note(conn, now, staff_id, "passphrase-changed", None)
        return done

    async def set_email(self, staff_id: str, address: str | None, now: datetime) -> None:
        """Where they get their list by e-mail, or nowhere."""
        async with self.store.write() as conn:
            await staff.set_email(conn, self.keys, staff_id, address)
            action = "email-set" if address else "email-removed"
            await audit.note(conn, now, staff_id, action, None)

    async def email(self, staff_id: str) -> str:
        async with self.store.read() as conn:
            return (await staff.emails(conn, self.keys)).get(staff_id, "")
