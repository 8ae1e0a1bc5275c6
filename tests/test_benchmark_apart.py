"""The benchmark is written apart from what is learned: no line of it may stand, or nearly stand, among the examples."""

import json

import numpy as np
import pytest

from bot.evaluate.cases import BENCHMARK
from bot.nlu.encoder_files import published_folder
from bot.nlu.examples import read_examples
from bot.nlu.plain_english import plain_english

NEAR_WORDS = 0.5  # share of word trigrams in common
NEAR_MEANING = 0.92  # cosine of the sentence vectors
# Below so many words the few things people say are said by everybody ("hi", "thank you").
FEW_WORDS = 5


def trigrams(text):
    words = plain_english().words(text)
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


@pytest.fixture(scope="module")
def lines():
    found = []
    for path in sorted(BENCHMARK.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            said = json.loads(line)
            found += [(path.name, text) for text in (said["turns"] if "turns" in said else [said["text"]])]
    return [(name, text) for name, text in found if len(text.split()) >= FEW_WORDS]


@pytest.fixture(scope="module")
def examples():
    return [example.text for example in read_examples()]


def test_no_benchmark_line_shares_half_its_words_in_order_with_an_example(lines, examples):
    holding = {}
    for text in examples:
        for trigram in trigrams(text):
            holding.setdefault(trigram, []).append(text)

    near = []
    for name, text in lines:
        own = trigrams(text)
        for other in {other for trigram in own for other in holding.get(trigram, ())}:
            theirs = trigrams(other)
            if len(own & theirs) / len(own | theirs) >= NEAR_WORDS:
                near.append((name, text, other))
    assert not near


def test_no_benchmark_line_means_nearly_the_same_as_an_example(lines, examples):
    """By the published encoder: ours was taught to bring all lines of one topic together, and proves nothing."""
    learned = published_vectors(examples)

    near = [
        (name, text, examples[at])
        for start in range(0, len(lines), 500)
        for (name, text), row in zip(
            lines[start : start + 500], published_vectors([t for _, t in lines[start : start + 500]]) @ learned.T
        )
        for at in np.flatnonzero(row >= NEAR_MEANING)
    ]
    assert not near


def published_vectors(texts):
    """Unit vectors of the published all-MiniLM-L6-v2, mean-pooled, as its authors read it."""
    import tensorflow as tf
    from transformers import AutoTokenizer, TFAutoModel

    global _published
    if _published is None:
        folder = str(published_folder())
        _published = AutoTokenizer.from_pretrained(folder), TFAutoModel.from_pretrained(folder)
    pieces, model = _published
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    rows = np.zeros((len(texts), 384), np.float32)
    for start in range(0, len(order), 128):
        batch = order[start : start + 128]
        words = pieces([texts[at].lower() for at in batch], padding=True, truncation=True, max_length=64, return_tensors="tf")
        weights = tf.cast(words["attention_mask"], tf.float32)[..., tf.newaxis]
        states = model(**words)[0]
        rows[batch] = tf.math.l2_normalize(tf.reduce_sum(states * weights, 1) / tf.reduce_sum(weights, 1), axis=1).numpy()
    return rows


_published = None
