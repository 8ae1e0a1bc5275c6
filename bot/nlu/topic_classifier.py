"""The classifier of the Rasa pipeline: which topics a message is about, and how sure that is.

Two sets of linear machines over the same features. One learned the main topic of each example, the other every topic
that is there; together they rank (docs/adr/0003 and 0004 tell what else was tried). How sure they may be is fitted on
writers whom neither the machines nor the sentence encoder had seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np
import scipy.sparse as sp
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

from bot.nlu.examples import LEFT_OUT
from bot.nlu.linear import Machines, Numbers, Sureness, feature_table, fit, labels, sureness

_FILE = "topic_classifier.joblib"
_RANKED = 10
_THERE_FROM = 0.02  # a topic less likely to be there is not worth a line of output
_TEMPERATURES = np.linspace(0.5, 10.0, 77)


@dataclass(frozen=True)
class Topics:
    """What is learned. `names` are the machines' columns."""

    names: tuple[str, ...]
    main: Machines
    there: Machines
    temperature: float
    surely_there: Sureness

    def heard(self, table: sp.csr_matrix) -> tuple[Numbers, Numbers]:
        """Return two (messages, topics) tables: the main topic's probabilities, and each topic's of being there."""
        main, there = self.main.margins(table), self.there.margins(table)
        return np.asarray(softmax((main + there) * self.temperature, axis=1)), self.surely_there.probabilities(there)


def learn(table: sp.csr_matrix, topics: list[tuple[str, ...]], voices: list[str], strength: float) -> Topics:
    """Learn from a (messages, features) table, the topics of each message (main one first) and its writer."""
    names = tuple(sorted({topic for all_of_it in topics for topic in all_of_it}))
    main, there = np.zeros((len(topics), len(names)), bool), np.zeros((len(topics), len(names)), bool)
    for row, all_of_it in enumerate(topics):
        main[row, names.index(all_of_it[0])] = True
        there[row, [names.index(topic) for topic in all_of_it]] = True
    temperature, surely = _how_sure(table, main, there, np.isin(voices, LEFT_OUT), strength)
    return Topics(names, fit(table, main, strength), fit(table, there, strength), temperature, surely)


def _how_sure(table: sp.csr_matrix, main: Numbers, there: Numbers, unseen: Numbers, strength: float) -> tuple[float, Sureness]:
    """Fit on the writers left out; with none of them, or a topic only they wrote about, values measured on the full set."""
    if not unseen.any() or not main[~unseen].any(axis=0).all():
        return 4.0, Sureness(3.0, 0.0)
    by_main = fit(table[~unseen], main[~unseen], strength).margins(table[unseen])
    by_there = fit(table[~unseen], there[~unseen], strength).margins(table[unseen])
    rows, right = np.arange(int(unseen.sum())), main[unseen].argmax(axis=1)
    losses = [-np.log(softmax((by_main + by_there) * t, axis=1)[rows, right] + 1e-12).mean() for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))]), sureness(by_there, there[unseen])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `topics` (every topic likely to be there) on each message."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, topics: Topics | None) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._topics = topics

    @classmethod
    def required_components(cls) -> list[type]:
        """The n-grams and the sentence vector."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength` of the machines (scikit-learn's C); `vector_weight`: the sentence vector beside the n-grams."""
        return {"strength": 0.35, "vector_weight": 1.0}

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
            feature_table(examples, self._config["vector_weight"]),
            [(message.get("intent"), *(labels(message).get("also") or ())) for message in examples],
            [str(labels(message).get("voice", "unknown")) for message in examples],
            self._config["strength"],
        )
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._topics, folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the topics of each message that has text."""
        spoken = [message for message in messages if message.get(TEXT)]
        if self._topics is None or not spoken:
            return messages
        names = self._topics.names
        for message, main, there in zip(spoken, *self._topics.heard(feature_table(spoken, self._config["vector_weight"]))):
            ranking = _named(names, main)[:_RANKED]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set("topics", [one for one in _named(names, there) if one["confidence"] >= _THERE_FROM], add_to_output=True)
        return messages


def _named(names: tuple[str, ...], row: Numbers) -> list[dict[str, Any]]:
    return [{"name": names[column], "confidence": float(row[column])} for column in np.argsort(-row)]
