"""`bot tune`: teach the sentence encoder our topics anew. Rare, slow, and for maintainers."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from bot.nlu.encoder_files import CARD, OURS, TUNED, published_folder, sha256
from bot.nlu.examples import LEFT_OUT, read_examples
from bot.nlu.tuning import tune as tune_encoder


def tune(epochs: Annotated[int, typer.Option(help="How often each example is shown.", min=1)] = 10) -> None:
    """Fine-tune the encoder on data/nlu and write data/encoder (needs PyTorch; about half an hour on two cores).

    Not needed after adding examples or topics: `bot train` learns those on the encoder as it is.
    """
    examples = read_examples()
    base = published_folder()
    tune_encoder(base, examples, epochs, OURS / TUNED, lambda said: typer.echo(f"bot: {said}", err=True))
    shown = sum(example.voice not in LEFT_OUT for example in examples)
    (OURS / CARD).write_text(_card(sha256(OURS / TUNED), shown, epochs), encoding="utf-8")
    typer.echo(f"bot: wrote {OURS / TUNED}. Now run: uv run bot train", err=True)


def _card(checksum: str, shown: int, epochs: int) -> str:
    return (
        "# The tuned sentence encoder: what it is and how it was made. Written by `bot tune`.\n"
        f"sha256: {checksum}\n"
        "base: sentence-transformers/all-MiniLM-L6-v2, revision 1110a243 (Apache-2.0)\n"
        f"made_on: {date.today().isoformat()}\n"
        f"examples: {shown}\n"
        f"epochs: {epochs}\n"
        f"voices_left_out: [{', '.join(LEFT_OUT)}]\n"
        "form: ONNX, 8-bit weights, mean of the word vectors at unit length\n"
    )
