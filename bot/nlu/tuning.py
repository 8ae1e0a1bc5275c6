"""Teach the sentence encoder our topics: fine-tune all-MiniLM-L6-v2 on `data/nlu/` and write it as one small file.

A maintainer's work, done rarely (`bot tune`), on a machine with PyTorch; training, serving and the tests only read its
result. Three small heads learn together on the mean of the word vectors: the main topic, every topic that is there, and
how serious it sounds. The heads are thrown away: `bot train` learns its own on the tuned vectors, beside the n-grams,
and so a topic added later needs no new tuning. docs/adr/0004 tells what was tried.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import EncoderError
from bot.nlu.examples import LEFT_OUT, LEVELS, Example
from bot.nlu.plain_english import plain_english

_LONGEST = 96  # word pieces
_BATCH = 32
_BODY_RATE, _HEAD_RATE, _WARM_UP = 1.2e-4, 2e-3, 0.06
_AS_TYPED = 0.25  # how often an example is shown as typed instead of in plain spelling
_ALSO = 0.3  # of the main topic's weight goes to the further topics

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Lesson:
    """The examples as numbers: word pieces plain and as typed, main topic, topics there, level reached."""

    plain: list[list[int]]
    typed: list[list[int]]
    first: Any
    there: Any
    level: Any


def tune(base: Path, examples: list[Example], epochs: int, target: Path, progress: Progress = print) -> None:
    """Fine-tune the encoder in the folder `base` and write `target` (an int8 ONNX model).

    Raises EncoderError when PyTorch or ONNX is not installed.
    """
    try:
        import onnx  # noqa: F401  # only to fail before the long work
        import torch
        from transformers import AutoModel, AutoTokenizer
    except ImportError as error:
        raise EncoderError(f"Tuning needs {error.name}. Run: uv run --with torch --with onnx bot tune") from None
    torch.manual_seed(7)
    chance = random.Random(7)  # noqa: S311  # the order of examples is no secret
    shown = [example for example in examples if example.voice not in LEFT_OUT]
    lesson = _lesson(shown, AutoTokenizer.from_pretrained(str(base)), torch)
    body = AutoModel.from_pretrained(str(base))
    # Words the examples never use must keep their place beside those they do.
    body.embeddings.word_embeddings.weight.requires_grad = False
    heads = torch.nn.Linear(body.config.hidden_size, 2 * lesson.first.shape[1] + len(LEVELS) - 1)
    steps = epochs * -(-len(shown) // _BATCH)
    optimiser, schedule = _optimiser(torch, body, heads, steps)
    body.train()
    total = 0.0
    for step, rows in enumerate(_batches(lesson, epochs, chance), 1):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            said = heads(torch.nn.functional.dropout(_mean(body, _padded(lesson, rows, chance, torch)), 0.1))
        loss = _loss(torch, said.float(), lesson, rows)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*body.parameters(), *heads.parameters()], 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        total += loss.item()
        if step % 200 == 0:
            progress(f"step {step} of {steps}, loss {total / 200:.3f}")
            total = 0.0
    _write(torch, body.eval(), target)


def _lesson(examples: list[Example], tokenizer: Any, torch: Any) -> Lesson:
    topics = sorted({topic for example in examples for topic in example.topics})
    column = {topic: index for index, topic in enumerate(topics)}
    first, there = np.zeros((len(examples), len(topics)), np.float32), np.zeros((len(examples), len(topics)), np.float32)
    level = np.zeros((len(examples), len(LEVELS) - 1), np.float32)
    for row, example in enumerate(examples):
        first[row, column[example.topic]] = 1 - _ALSO if example.also else 1
        for topic in example.also:
            first[row, column[topic]] = _ALSO / len(example.also)
        there[row, [column[topic] for topic in example.topics]] = 1
        level[row, : LEVELS.index(example.concern)] = 1
    english = plain_english()

    def pieces(text: str) -> list[int]:
        return list(tokenizer(text, truncation=True, max_length=_LONGEST)["input_ids"])

    return Lesson(
        [pieces(" ".join(english.words(example.text))) for example in examples],
        [pieces(example.text.lower()) for example in examples],
        torch.from_numpy(first),
        torch.from_numpy(there),
        torch.from_numpy(level),
    )


def _optimiser(torch: Any, body: Any, heads: Any, steps: int) -> tuple[Any, Any]:
    learning = [weight for weight in body.parameters() if weight.requires_grad]
    groups = [{"params": learning, "lr": _BODY_RATE}, {"params": list(heads.parameters()), "lr": _HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)

    def share(step: int) -> float:
        return min((step + 1) / (_WARM_UP * steps), max(0.02, (steps - step) / ((1 - _WARM_UP) * steps)))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, share)


def _batches(lesson: Lesson, epochs: int, chance: random.Random) -> Iterator[list[int]]:
    """Rows of about the same length together, in an order that differs each time round."""
    for _ in range(epochs):
        order = list(range(len(lesson.plain)))
        chance.shuffle(order)
        near = [sorted(part, key=lambda row: len(lesson.plain[row])) for part in _parts(order, _BATCH * 40)]
        batches = [batch for rows in near for batch in _parts(rows, _BATCH)]
        chance.shuffle(batches)
        yield from batches


def _parts(rows: list[int], size: int) -> list[list[int]]:
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def _padded(lesson: Lesson, rows: list[int], chance: random.Random, torch: Any) -> dict[str, Any]:
    chosen = [lesson.typed[row] if chance.random() < _AS_TYPED else lesson.plain[row] for row in rows]
    width = max(map(len, chosen))
    return {
        "input_ids": torch.tensor([pieces + [0] * (width - len(pieces)) for pieces in chosen]),
        "attention_mask": torch.tensor([[1] * len(pieces) + [0] * (width - len(pieces)) for pieces in chosen]),
    }


def _mean(body: Any, words: dict[str, Any]) -> Any:
    states = body(**words).last_hidden_state
    weights = words["attention_mask"][..., None].to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1)


def _loss(torch: Any, said: Any, lesson: Lesson, rows: list[int]) -> Any:
    """Three losses weighed so that none drowns the others (docs/adr/0004)."""
    topics = lesson.first.shape[1]
    crossed = torch.nn.functional.binary_cross_entropy_with_logits
    main = -(lesson.first[rows] * said[:, :topics].log_softmax(1)).sum(1).mean()
    there = crossed(said[:, topics : 2 * topics], lesson.there[rows])
    return main + 8 * there + 2 * crossed(said[:, 2 * topics :], lesson.level[rows])


def _write(torch: Any, body: Any, target: Path) -> None:
    """Write the encoder with its mean as one ONNX file of 8-bit weights."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = body

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            mean = _mean(self.body, {"input_ids": input_ids, "attention_mask": attention_mask})
            return torch.nn.functional.normalize(mean, dim=1)

    target.parent.mkdir(parents=True, exist_ok=True)
    whole = target.with_suffix(".float.onnx")
    example = torch.ones(1, 8, dtype=torch.int64)
    names = ["input_ids", "attention_mask"]
    axes = {name: {0: "messages", 1: "pieces"} for name in names}
    shape = {"input_names": names, "output_names": ["vector"], "dynamic_axes": axes}
    torch.onnx.export(Pooled().eval(), (example, example), str(whole), dynamo=False, **shape)
    quantize_dynamic(str(whole), str(target), weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()
