"""Which model belongs to the files as they stand: a fingerprint of everything training reads."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot.errors import ContentError
from bot.paths import MODELS, ROOT

_READ = (
    "config.yml",
    "domain.yml",
    "data/nlu/*.yml",
    "data/responses/*.yml",
    "data/rules/*.yml",
    "data/stories/*.yml",
    "data/phrases/text_speak.yml",
    "data/encoder/card.yml",
    "bot/nlu/*.py",
)


def fingerprint(root: Path = ROOT, encoder: str = "") -> str:
    """Return 16 hex digits over names and contents, and over which encoder is used.

    Raises ContentError for a file that cannot be read.
    """
    digest = hashlib.sha256(encoder.encode())
    for pattern in _READ:
        for path in sorted(root.glob(pattern)):
            try:
                digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
            except OSError as error:
                raise ContentError(f"{path} cannot be read ({type(error).__name__}). Check its rights.") from None
    return digest.hexdigest()[:16]


def model_path(models: Path = MODELS, root: Path = ROOT, encoder: str = "") -> Path:
    """Where the model for the present files and this encoder folder is, or will be."""
    return models / f"sidedoor-{fingerprint(root, encoder)}.tar.gz"
