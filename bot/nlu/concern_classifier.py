"""How serious a message sounds, beside what it is about: "meeting him" may be next month or in ten minutes.

Learned from the concern that readers gave each example. It only hears; the rules of `bot/safety/` decide.
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
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.examples import LEFT_OUT, LEVELS
from bot.nlu.linear import Machines, Numbers, Sureness, feature_table, fit, labels, sureness

_FILE = "concern_classifier.joblib"


@dataclass(frozen=True)
class Levels:
    """What is learned: one machine for each of "at least worry", "at least high" and "immediate"."""

    machines: Machines
    sure: tuple[Sureness, ...]

    def likelihoods(self, table: sp.csr_matrix) -> Numbers:
        """Return (messages, 3): the probability that each level is reached."""
        margins = self.machines.margins(table)
        return np.stack([one.probabilities(margins[:, column]) for column, one in enumerate(self.sure)], axis=1)


def learn(table: sp.csr_matrix, concerns: list[str], voices: list[str], strength: float) -> Levels:
    """Learn from a (messages, features) table, each message's concern (one of LEVELS) and its writer."""
    level = np.array([LEVELS.index(concern) for concern in concerns])
    reached = level[:, None] >= np.arange(1, len(LEVELS))
    unseen = np.isin(voices, LEFT_OUT)
    if unseen.any() and reached[~unseen].any(axis=0).all():
        margins = fit(table[~unseen], reached[~unseen], strength).margins(table[unseen])
        sure = tuple(sureness(margins[:, column], reached[unseen][:, column]) for column in range(reached.shape[1]))
    else:
        sure = (Sureness(3.0, 0.0),) * reached.shape[1]
    return Levels(fit(table, reached, strength), sure)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ConcernClassifier(GraphComponent):
    """Sets `levels` on each message: how likely it is at least a worry, at least high, and immediate."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, levels: Levels | None) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._levels = levels

    @classmethod
    def required_components(cls) -> list[type]:
        """The n-grams and the sentence vector."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength` of the machines (scikit-learn's C); `vector_weight`: the sentence vector beside the n-grams."""
        return {"strength": 0.3, "vector_weight": 1.0}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> ConcernClassifier:
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
    ) -> ConcernClassifier:
        """Read the trained component back; a broken file is an error."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that has an intent. One without a noted concern counts as info."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        self._levels = learn(
            feature_table(examples, self._config["vector_weight"]),
            [str(labels(message).get("concern", LEVELS[0])) for message in examples],
            [str(labels(message).get("voice", "unknown")) for message in examples],
            self._config["strength"],
        )
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._levels, folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Note the levels of each message that has text."""
        spoken = [message for message in messages if message.get(TEXT)]
        if self._levels is not None and spoken:
            for message, row in zip(spoken, self._levels.likelihoods(feature_table(spoken, self._config["vector_weight"]))):
                message.set("levels", [float(share) for share in row], add_to_output=True)
        return messages
