"""The sparse features of the Rasa pipeline: pieces of the words as typed, and the plain words and pairs of words.

Spelling carries voice, and voice must not decide; but it also carries words no encoder was ever shown ("robux", "unit").
"""

from __future__ import annotations

from typing import Any

import joblib
import numpy as np
import scipy.sparse as sp
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, make_union

from bot.nlu.plain_english import tidy

_FILE = "ngrams.joblib"


def _as_typed(pair: tuple[str, str]) -> str:
    return pair[0]


def _plainly(pair: tuple[str, str]) -> str:
    return pair[1]


def untrained_ngrams() -> FeatureUnion:
    """Two tf-idf tables over (as typed, plain) pairs: two to five letters, one or two words."""
    letters = TfidfVectorizer(
        preprocessor=_as_typed, analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, dtype=np.float32
    )
    words = TfidfVectorizer(
        preprocessor=_plainly, ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32, token_pattern=r"(?u)\S+"
    )
    return make_union(letters, words)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(SparseFeaturizer, GraphComponent):
    """Adds one sparse sentence feature."""

    def __init__(
        self, name: str, config: dict[str, Any], storage: ModelStorage, resource: Resource, ngrams: FeatureUnion | None
    ) -> None:
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._ngrams = ngrams

    @classmethod
    def required_components(cls) -> list[type]:
        """The plain spellings come from the tokenizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Only what Rasa asks of every featurizer."""
        return {**SparseFeaturizer.get_default_config()}

    @staticmethod
    def validate_config(config: dict[str, Any]) -> None:
        """There is nothing to set."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> NgramFeaturizer:
        """Build an untrained component."""
        return cls(execution_context.node_name, config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeaturizer:
        """Read the trained tables back; a broken file is an error."""
        with model_storage.read_from(resource) as folder:
            return cls(execution_context.node_name, config, model_storage, resource, joblib.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which n-grams there are, from every example that has text."""
        pairs = [_pair(message) for message in training_data.training_examples if message.get(TEXT)]
        self._ngrams = untrained_ngrams().fit(pairs)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._ngrams, folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add a (1, n-grams) sentence feature to every message that has text."""
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken and self._ngrams is not None:
            table = sp.csr_matrix(self._ngrams.transform([_pair(message) for message in spoken]))
            for row, message in enumerate(spoken):
                message.add_features(Features(table[row], FEATURE_TYPE_SENTENCE, TEXT, "ngrams"))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for all training examples."""
        self.process(training_data.training_examples)
        return training_data


def _pair(message: Message) -> tuple[str, str]:
    return tidy(message.get(TEXT)), " ".join(token.lemma for token in message.get("text_tokens", []))
