"""The benchmark is written apart from what is learned: no line of it may stand, or nearly stand, among the examples."""

import json

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from bot.evaluate.cases import BENCHMARK
from bot.nlu.encoder_files import published_folder
from bot.nlu.examples import read_examples

NEAR_WORDS = 0.5  # share of word trigrams in common
NEAR_MEANING = 0.92  # cosine of the sentence vectors
# Below so many words the few things people say are said by everybody ("hi", "thank you").
FEW_WORDS = 5
# Meaning is compared only where the words have something in common: all 9 pairs that were found by comparing
# everything with everything (25 November 2026) are found so too, in a fraction of the time.
SOMETHING_IN_COMMON, OF_THE_NEAREST = 0.3, 6
ONE_WORD = r"[\w']+"


@pytest.fixture(scope="module")
def lines():
    found = []
    for path in sorted(BENCHMARK.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            said = json.loads(line)
            found += said["turns"] if "turns" in said else [said["text"]]
    return list(dict.fromkeys(text for text in found if len(text.split()) >= FEW_WORDS))


@pytest.fixture(scope="module")
def examples():
    return list(dict.fromkeys(example.text for example in read_examples()))


def sharing_trigrams(lines, examples):
    """Pairs of indexes (line, example) whose word trigrams are shared by half or more."""
    count = CountVectorizer(ngram_range=(3, 3), binary=True, token_pattern=ONE_WORD, dtype=np.int32).fit(lines)
    mine = count.transform(lines)
    how_many = CountVectorizer(ngram_range=(3, 3), binary=True, token_pattern=ONE_WORD, dtype=np.int32)
    theirs = np.asarray(how_many.fit_transform(examples).sum(axis=1)).ravel()
    own = np.asarray(mine.sum(axis=1)).ravel()
    shared = (mine @ count.transform(examples).T).tocoo()
    whole = own[shared.row] + theirs[shared.col] - shared.data
    near = shared.data >= NEAR_WORDS * whole
    return list(zip(shared.row[near], shared.col[near]))


def sharing_words(lines, examples):
    """Pairs of indexes (line, example) with enough words in common that their meaning should be compared."""
    weigh = TfidfVectorizer(token_pattern=ONE_WORD, dtype=np.float32).fit(examples + lines)
    theirs = weigh.transform(examples).T.tocsr()
    pairs = []
    for start in range(0, len(lines), 250):
        likeness = (weigh.transform(lines[start : start + 250]) @ theirs).tocsr()
        for at in range(likeness.shape[0]):
            row = slice(likeness.indptr[at], likeness.indptr[at + 1])
            best = np.argsort(-likeness.data[row])[:OF_THE_NEAREST]
            pairs += [(start + at, likeness.indices[row][k]) for k in best if likeness.data[row][k] >= SOMETHING_IN_COMMON]
    return pairs


def published_vectors(texts):
    """Unit vectors by the published encoder: ours was taught to bring all lines of one topic together, and proves nothing."""
    import tensorflow as tf
    from transformers import AutoTokenizer, TFAutoModel

    pieces, model = AutoTokenizer.from_pretrained(published_folder()), TFAutoModel.from_pretrained(published_folder())
    read = tf.function(lambda words: model(**words)[0], reduce_retracing=True)
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    rows = np.zeros((len(texts), 384), np.float32)
    for start in range(0, len(order), 128):
        batch = order[start : start + 128]
        words = pieces([texts[at].lower() for at in batch], padding=True, truncation=True, max_length=64, return_tensors="tf")
        weights = tf.cast(words["attention_mask"], tf.float32)[..., tf.newaxis]
        means = tf.reduce_sum(read(dict(words)) * weights, 1) / tf.reduce_sum(weights, 1)
        rows[batch] = tf.math.l2_normalize(means, axis=1).numpy()
    return rows


def near_in_meaning(lines, examples):
    pairs = sharing_words(lines, examples)
    vectors = published_vectors(texts := list({lines[a] for a, _ in pairs} | {examples[b] for _, b in pairs}))
    at = {text: number for number, text in enumerate(texts)}
    return [(lines[a], examples[b]) for a, b in pairs if vectors[at[lines[a]]] @ vectors[at[examples[b]]] >= NEAR_MEANING]


def test_no_benchmark_line_shares_half_its_words_in_order_with_an_example(lines, examples):
    assert [(lines[a], examples[b]) for a, b in sharing_trigrams(lines, examples)] == []


def test_no_benchmark_line_means_nearly_the_same_as_an_example(lines, examples):
    assert near_in_meaning(lines, examples) == []


def test_a_line_that_was_learned_from_would_be_found():
    learned = ["the man from the chicken shop keeps giving me free food and lifts home", "my nan made soup for tea"]
    written = ["the man from the chicken shop keeps giving me free food and rides home", "is there a bus to Speke tonight"]

    assert sharing_trigrams(written, learned) == [(0, 0)]
    assert near_in_meaning(written, learned) == [(written[0], learned[0])]
