"""Published answers say which algorithms run; our own, that old data opens for ever."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from cryptography.hazmat.bindings._rust import openssl as rust_openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.recovery_code import _crc24
from storage.sealing import (
    StreamReader,
    context,
    key_pair_from_seed,
    open_with,
    pad,
    public_of,
    recovery_code,
    seed_from_code,
    subkey,
    tag,
    unlock,
    unlock_with_passphrase,
)

VECTORS = Path(__file__).parent / "vectors"
XWING = json.loads((VECTORS / "xwing.json").read_text())
FROZEN = json.loads((VECTORS / "frozen.json").read_text())
h = bytes.fromhex


# Published


def test_hkdf_gives_the_answers_of_rfc_5869():
    with_salt = HKDF(
        algorithm=SHA256(), length=42, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA))
    )
    assert with_salt.derive(b"\x0b" * 22) == h(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )
    bare = HKDF(algorithm=SHA256(), length=42, salt=None, info=b"")
    assert bare.derive(b"\x0b" * 22) == h(
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )


def test_aes_256_gcm_gives_the_answer_of_mcgrew_and_viegas_case_16():
    plaintext = h(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    sealed = AESGCM(h("feffe9928665731c6d6a8f9467308308" * 2)).encrypt(
        h("cafebabefacedbaddecaf888"), plaintext, h("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    )
    assert sealed == h(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )


def test_argon2id_gives_the_answer_of_rfc_9106():
    derivation = Argon2id(
        salt=b"\2" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        ad=b"\4" * 12,
        secret=b"\3" * 8,
    )
    expected = h("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")
    assert derivation.derive(b"\1" * 32) == expected


def test_x25519_gives_the_answer_of_rfc_7748():
    mine = X25519PrivateKey.from_private_bytes(
        h("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    )
    theirs = X25519PublicKey.from_public_bytes(
        h("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    )
    expected = h("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
    assert mine.exchange(theirs) == expected


def test_hpke_opens_the_first_message_of_rfc_9180():
    reader = X25519PrivateKey.from_private_bytes(
        h("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")
    )
    enc = h("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431")
    ct = h(
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
    )
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
    # The published message binds associated data, which the public call leaves out.
    info, aad = b"Ode on a Grecian Urn", b"Count-0"
    opened = rust_openssl.hpke._decrypt_with_aad(suite, enc + ct, reader, info, aad)
    assert opened == b"Beauty is truth, truth beauty"


def xwing_private() -> bytes:
    """X-Wing's own expansion of its seed: ML-KEM seed, then X25519 key, as our private halves."""
    return hashlib.shake_256(h(XWING["sk"])).digest(96)


def test_a_key_pair_is_the_published_xwing_key_pair():
    assert public_of(xwing_private()) == h(XWING["pk"])


def labeled_extract(suite_id: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite_id + label + ikm, "sha256")


def labeled_expand(suite_id: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite_id + label + info
    return hmac.digest(prk, labeled + b"\1", "sha256")[:length]


def test_sealing_to_a_reader_is_hpke_with_the_published_shared_secret():
    """RFC 9180, 5.1, written out once more, from X-Wing's published shared secret to our blob."""
    suite_id = b"HPKE" + h("647a") + h("0001") + h("0002")
    start, place = b"\1\2", context("place")
    info_hash = labeled_extract(suite_id, b"", b"info_hash", start + place)
    psk_id_hash = labeled_extract(suite_id, b"", b"psk_id_hash", b"")
    schedule = b"\0" + psk_id_hash + info_hash
    secret = labeled_extract(suite_id, h(XWING["ss"]), b"secret", b"")
    key = labeled_expand(suite_id, secret, b"key", schedule, 32)
    nonce = labeled_expand(suite_id, secret, b"base_nonce", schedule, 12)
    blob = start + h(XWING["ct"]) + AESGCM(key).encrypt(nonce, b"heard", b"")
    assert open_with(xwing_private(), blob, place) == b"heard"


def test_the_checksum_is_the_crc24_of_openpgp():
    # The check value of CRC-24/OPENPGP in the catalogue of parametrised CRC algorithms.
    assert _crc24(b"123456789") == h("21cf02")


# Ours, frozen: what was once written must open for ever


PLACE = context("frozen", "vector")
WORDS = b"Nobody rang me back."
KEY = bytes(range(32))
SEED = bytes(range(100, 132))


def test_contexts_keys_and_tags_stay_as_they_were():
    assert context("a", b"bc", "") == b"heard/1\0\0\0\1a\0\0\0\2bc\0\0\0\0"
    assert subkey(KEY, "chat id").hex() == FROZEN["subkey"]
    assert tag(KEY, "chat", "1").hex() == FROZEN["tag"]
    assert pad(b"a") == b"a\x80" + bytes(510)


def test_a_seed_gives_the_key_pair_it_always_gave():
    pair = key_pair_from_seed(SEED)
    assert hashlib.sha256(pair.private).hexdigest() == FROZEN["private_sha256"]
    assert hashlib.sha256(pair.public).hexdigest() == FROZEN["public_sha256"]


def test_an_old_recovery_code_still_works():
    assert recovery_code(SEED) == FROZEN["recovery_code"]
    assert seed_from_code(FROZEN["recovery_code"]) == SEED


@pytest.mark.parametrize(
    ("name", "opening"),
    [
        ("lock", lambda blob: unlock(KEY, blob, PLACE)),
        ("seal_to", lambda blob: open_with(key_pair_from_seed(SEED).private, blob, PLACE)),
        ("passphrase", lambda blob: unlock_with_passphrase("a quiet river", blob, PLACE)),
        ("passphrase_full_cost", lambda blob: unlock_with_passphrase("caf\u00e9", blob, PLACE)),
    ],
)
def test_an_old_blob_still_opens(name, opening):
    assert opening(h(FROZEN[name])) == WORDS


def test_an_old_stream_still_opens():
    reader = StreamReader(key_pair_from_seed(SEED).private, PLACE)
    assert reader.feed(h(FROZEN["stream"])) + reader.finish() == WORDS
