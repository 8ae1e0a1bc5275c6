"""The classifier of the Rasa pipeline: which topics a message is about, and how sure that is.

A linear support vector machine over character and word n-grams (tf-idf) beside the sentence
vector; docs/adr/0003 tells what else was tried. Its margins become probabilities by one
temperature, fitted on voices the machine had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, make_union
from sklearn.svm import LinearSVC

from bot.nlu.plain_english import tidy

Vectors = NDArray[Any]

_FILE = "topic_classifier.joblib"
_RANKED = 10
_TEMPERATURES = np.linspace(2.0, 14.0, 49)


@dataclass
class Topics:
    """What is learned: n-gram weights, one machine per topic, one temperature."""

    ngrams: FeatureUnion
    machine: LinearSVC
    temperature: float
    vector_weight: float

    def probabilities(self, texts: list[str], plain: list[str], vectors: Vectors) -> Vectors:
        """Return an array (messages, topics) of probabilities; each row sums to one."""
        margins = self.machine.decision_function(_table(self.ngrams, texts, plain, vectors, self.vector_weight))
        return np.asarray(softmax(margins * self.temperature, axis=1))


def learn(
    texts: list[str],
    plain: list[str],
    vectors: Vectors,
    topics: list[str],
    voices: list[str],
    c: float = 0.4,
    vector_weight: float = 1.2,
) -> Topics:
    """Fit on messages (`texts` as typed, `plain` spellings, `vectors`), their topics and voices."""
    labels = np.array(topics)
    temperature = _fit_temperature(texts, plain, vectors, labels, np.array(voices), c, vector_weight)
    ngrams = _ngrams()
    ngrams.fit(_joined(texts, plain))
    machine = LinearSVC(C=c).fit(_table(ngrams, texts, plain, vectors, vector_weight), labels)
    return Topics(ngrams, machine, temperature, vector_weight)


def _as_typed(pair: tuple[str, str]) -> str:
    return pair[0]


def _plainly(pair: tuple[str, str]) -> str:
    return pair[1]


def _ngrams() -> FeatureUnion:
    letters = TfidfVectorizer(
        preprocessor=_as_typed, analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, dtype=np.float32
    )
    words = TfidfVectorizer(
        preprocessor=_plainly, ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32, token_pattern=r"(?u)\S+"
    )
    return make_union(letters, words)


def _joined(texts: list[str], plain: list[str]) -> list[tuple[str, str]]:
    return [(tidy(text), words) for text, words in zip(texts, plain)]


def _table(ngrams: FeatureUnion, texts: list[str], plain: list[str], vectors: Vectors, weight: float) -> sp.csr_matrix:
    return sp.hstack([ngrams.transform(_joined(texts, plain)), sp.csr_matrix(vectors * weight)]).tocsr()


def _fit_temperature(
    texts: list[str], plain: list[str], vectors: Vectors, labels: Vectors, voices: Vectors, c: float, weight: float
) -> float:
    """The temperature under which unseen voices' true topics are likeliest (log loss)."""
    rng = np.random.default_rng(7)
    names = sorted(set(voices)) if len(set(voices)) > 2 else None
    fold = rng.integers(0, 3, len(labels)) if names is None else np.array([names.index(v) % 3 for v in voices])
    margins, truth = [], []
    for part in range(3):
        seen, unseen = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        if len(set(labels[seen])) < len(set(labels)) or not len(unseen):
            return 7.0  # too little data to learn from; the value measured on the full set
        ngrams = _ngrams()
        ngrams.fit(_joined([texts[i] for i in seen], [plain[i] for i in seen]))
        machine = LinearSVC(C=c).fit(
            _table(ngrams, [texts[i] for i in seen], [plain[i] for i in seen], vectors[seen], weight), labels[seen]
        )
        margins.append(
            machine.decision_function(
                _table(ngrams, [texts[i] for i in unseen], [plain[i] for i in unseen], vectors[unseen], weight)
            )
        )
        truth.append(np.searchsorted(machine.classes_, labels[unseen]))
    scores, right = np.vstack(margins), np.concatenate(truth)
    rows = np.arange(len(right))
    losses = [-np.log(softmax(scores * t, axis=1)[rows, right] + 1e-12).mean() for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking` on each message."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, topics: Topics | None) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._topics = topics

    @classmethod
    def required_components(cls) -> list[type]:
        """Tokens for the words, a featurizer for the sentence vector."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`c`: strength of the machine; `vector_weight`: the sentence vector beside the n-grams."""
        return {"c": 0.4, "vector_weight": 1.2}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> TopicClassifier:
        """Build an untrained component."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """Read the trained component back; a broken file is an error, never an untrained stand-in."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that has an intent."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        self._topics = learn(
            [message.get(TEXT) for message in examples],
            [_plain(message) for message in examples],
            np.vstack([_vector(message) for message in examples]),
            [message.get("intent") for message in examples],
            [_voice(message) for message in examples],
            self._config["c"],
            self._config["vector_weight"],
        )
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._topics, folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the topics of each message that has text."""
        spoken = [message for message in messages if message.get(TEXT)]
        if self._topics is None or not spoken:
            return messages
        rows = self._topics.probabilities(
            [message.get(TEXT) for message in spoken],
            [_plain(message) for message in spoken],
            np.vstack([_vector(message) for message in spoken]),
        )
        names = self._topics.machine.classes_
        for message, row in zip(spoken, rows):
            order = np.argsort(-row)[:_RANKED]
            ranking = [{"name": str(names[i]), "confidence": float(row[i])} for i in order]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def _plain(message: Message) -> str:
    return " ".join(token.lemma for token in message.get("text_tokens", []))


def _vector(message: Message) -> Vectors:
    found = message.get_dense_features(TEXT)[1]
    if found is None:
        raise ValueError("TopicClassifier needs a sentence vector: put SentenceEncoder before it in config.yml")
    return np.asarray(found.features)


def _voice(message: Message) -> str:
    intent_notes = (message.get("metadata") or {}).get("intent") or {}
    return str(intent_notes.get("voice", "unknown"))
