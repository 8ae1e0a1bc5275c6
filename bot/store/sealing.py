"""Sealing and opening: the one boundary at which words turn into something the server cannot read, and back.

Words are sealed to a handoff's public half (HPKE: X25519, HKDF-SHA256, AES-256-GCM; RFC 9180). The private half exists only
as wraps under keys that somebody brings along: a young person's token, a counsellor's sign-in, a return code. Every blob starts
with a suite byte, and is bound to the place where it lies, so that it cannot be moved or swapped.
"""

from __future__ import annotations

import secrets
import struct

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import CannotOpen

_SUITE = b"\x01"
_HPKE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_PAD_TO = 256  # bytes: the size of a blob tells no more than how many times this it is
_NONCE = 12  # bytes
KEY = 32  # bytes, of every key and token


def new_key() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(KEY)


def new_pair() -> tuple[bytes, bytes]:
    """Return (private half, public half), 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def derive(secret: bytes, label: str) -> bytes:
    """Return the 32-byte key that `label` has under `secret` (HKDF-SHA256)."""
    return HKDF(hashes.SHA256(), KEY, None, f"sidedoor/1/{label}".encode()).derive(secret)


def digest(secret: bytes) -> bytes:
    """Return the SHA-256 of a random secret, which is safe to keep."""
    hashed = hashes.Hash(hashes.SHA256())
    hashed.update(secret)
    return hashed.finalize()


def stretch(phrase: str, salt: bytes) -> bytes:
    """Return 32 bytes from something a person remembers (Argon2id, t=3, 64 MiB, p=1: RFC 9106's second choice, one lane)."""
    return hash_secret_raw(phrase.encode(), salt, time_cost=3, memory_cost=64 * 1024, parallelism=1, hash_len=KEY, type=Type.ID)


def tag(key: bytes, *parts: bytes) -> bytes:
    """Return an HMAC over parts, each with its length, so that a row cannot be made up by who can write the database."""
    mac = HMAC(key, hashes.SHA256())
    for part in parts:
        mac.update(struct.pack(">I", len(part)) + part)
    return mac.finalize()


def seal(public: bytes, plain: bytes, place: str) -> bytes:
    """Seal to a public half; only its private half opens it, and only at the same `place`."""
    return _SUITE + _HPKE.encrypt(_padded(plain), X25519PublicKey.from_public_bytes(public), place.encode())


def open_sealed(private: bytes, blob: bytes, place: str) -> bytes:
    """Open what `seal` made. Raises CannotOpen for a wrong key, another place or a changed blob."""
    try:
        _check(blob)
        return _unpadded(_HPKE.decrypt(blob[1:], X25519PrivateKey.from_private_bytes(private), place.encode()))
    except (InvalidTag, ValueError, struct.error):
        raise CannotOpen("These words cannot be opened with what was given.") from None


def wrap(key: bytes, secret: bytes, place: str) -> bytes:
    """Wrap a secret under a 32-byte key (AES-256-GCM), bound to `place`."""
    nonce = secrets.token_bytes(_NONCE)
    return _SUITE + nonce + AESGCM(key).encrypt(nonce, secret, place.encode())


def unwrap(key: bytes, blob: bytes, place: str) -> bytes:
    """Unwrap what `wrap` made. Raises CannotOpen for a wrong key, another place or a changed blob."""
    try:
        _check(blob)
        return AESGCM(key).decrypt(blob[1 : 1 + _NONCE], blob[1 + _NONCE :], place.encode())
    except (InvalidTag, ValueError):
        raise CannotOpen("This cannot be opened with the key that was given.") from None


def _check(blob: bytes) -> None:
    if blob[:1] != _SUITE:
        raise ValueError("unknown suite")


def _padded(plain: bytes) -> bytes:
    whole = struct.pack(">I", len(plain)) + plain
    return whole + bytes(-len(whole) % _PAD_TO)


def _unpadded(padded: bytes) -> bytes:
    (length,) = struct.unpack(">I", padded[:4])
    return padded[4 : 4 + int(length)]
