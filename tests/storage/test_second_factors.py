"""Second factors: RFC 6238's own numbers, each code once, nothing to be read in a stolen table."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import select

from storage import one_time_codes, second_factors, staff
from storage.engine import BadRow
from storage.errors import DamagedRow
from storage.schema import second_factors as rows
from storage.second_factors import Factor
from storage.staff import StaffRow
from tests.storage.builders import NOW, new_id

SECRET = b"12345678901234567890"
# RFC 6238, appendix B, SHA1: its 8 digits end in our 6.
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("at", "code"), VECTORS)
def test_codes_are_those_of_the_rfc(at, code):
    assert one_time_codes.step_of(SECRET, code, at, -1) == at // 30
    assert one_time_codes.step_of(SECRET, f" {code[:3]} {code[3:]}", at, -1) == at // 30


def test_a_clock_may_be_half_a_minute_off_and_no_more():
    good = [
        off
        for off in (-61, -31, -30, -1, 0, 29, 30, 59, 60, 90)
        if one_time_codes.step_of(SECRET, "005924", 1234567890 + off, -1)
    ]
    assert good == [-30, -1, 0, 29, 30, 59]


@pytest.mark.parametrize(
    "code", ["", "00592", "0059244", "00592a", "\N{FULLWIDTH DIGIT ZERO}05924"]
)
def test_what_is_no_code_is_refused(code):
    assert one_time_codes.step_of(SECRET, code, 1234567890, -1) is None


def test_a_code_that_was_used_and_every_older_one_count_no_more():
    factor = Factor(SECRET, -1, ())
    after = factor.after_phone("005924", 1234567890)
    assert after.step == 1234567890 // 30
    assert after.after_phone("005924", 1234567890) is None
    assert after.after_phone("005924", 1234567890 + 30) is None


def test_the_picture_says_what_phones_understand():
    parts = urlsplit(one_time_codes.address(SECRET, "Zoë: O'Neill", "Heard: North"))
    said = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Heard  North:Zoë  O'Neill"
    assert base64.b32decode(said["secret"][0]) == SECRET
    assert base64.b32decode(one_time_codes.spelled_out(SECRET).replace(" ", "")) == SECRET
    assert (said["digits"], said["period"], said["algorithm"]) == (["6"], ["30"], ["SHA1"])


def test_a_recovery_code_works_once_however_it_is_typed():
    codes = one_time_codes.new_recovery_codes()
    assert len(set(codes)) == 10
    factor = Factor(SECRET, 0, ()).with_codes("sam", codes)
    after = factor.after_paper("sam", f" {codes[3].lower().replace('-', ' ')}")
    assert len(after.recovery) == 9
    assert after.after_paper("sam", codes[3]) is None
    assert after.after_paper("sam", codes[4]) is not None
    assert factor.after_paper("another member", codes[3]) is None
    assert factor.after_paper("sam", "") is None
    again = factor.with_codes("sam", one_time_codes.new_recovery_codes())
    assert again.after_paper("sam", codes[3]) is None


async def test_a_factor_opens_with_its_members_key_alone(store, enrol):
    (sam, private), (ali, other) = await enrol("Sam Reed"), await enrol("Ali Khan")
    factor = Factor(SECRET, 7, ()).with_codes(sam, one_time_codes.new_recovery_codes())
    async with store.write() as conn:
        await second_factors.save(conn, sam, factor, NOW)
        assert await second_factors.load(conn, sam, private, to_change=True) == factor
        assert await second_factors.load(conn, ali, other) is None
        assert await second_factors.having(conn) == {sam}
        with pytest.raises(DamagedRow):
            await second_factors.load(conn, sam, other)


async def test_the_table_shows_neither_secret_nor_how_many_codes_are_left(store, enrol):
    sam, _ = await enrol("Sam Reed")
    sizes = set()
    for left in (10, 1, 0):
        codes = one_time_codes.new_recovery_codes()[:left]
        async with store.write() as conn:
            await second_factors.save(conn, sam, Factor(SECRET, 9, ()).with_codes(sam, codes), NOW)
            body = (await conn.execute(select(rows.c.body))).scalar_one()
        sizes.add(len(body))
        assert SECRET not in body
        assert SECRET.hex().encode() not in body
    assert len(sizes) == 1


async def test_it_is_taken_away_and_whoever_has_no_key_has_none(store, secrets, enrol):
    sam, private = await enrol("Sam Reed")
    jo = StaffRow(new_id(), "Jo Bell", b"", b"", True, False, ())
    async with store.write() as conn:
        await second_factors.save(conn, sam, Factor(SECRET, 9, ()), NOW)
        assert await second_factors.exists(conn, sam)
        assert await second_factors.remove(conn, sam)
        assert not await second_factors.remove(conn, sam)
        assert await second_factors.load(conn, sam, private) is None
        await staff.add_with_keys(conn, secrets, jo, NOW)
        with pytest.raises(BadRow):
            await second_factors.save(conn, jo.id, Factor(SECRET, 9, ()), NOW)
