"""The sentence encoder of the Rasa pipeline: one vector for what a whole message means."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder_files import encoder_folder
from bot.nlu.plain_english import tidy

Vectors = NDArray[Any]

log = logging.getLogger(__name__)

_BATCH = 64
_LONGEST = 128  # word pieces; a 2,000-character message is cut here for the vector, not for the signals


class Encoder:
    """Texts in, unit vectors out (mean-pooled, as the model was trained to be read)."""

    def __init__(self, folder: str | None = None) -> None:
        import tensorflow as tf
        from transformers import AutoTokenizer, TFAutoModel

        logging.getLogger("transformers").setLevel(logging.ERROR)
        path = str(encoder_folder(folder))
        self._tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True)
        model = TFAutoModel.from_pretrained(path, local_files_only=True)

        @tf.function(input_signature=[tf.TensorSpec([None, None], tf.int32)] * 2)  # type: ignore[untyped-decorator]  # TensorFlow is untyped
        def pooled(ids: Any, mask: Any) -> Any:
            states = model(input_ids=ids, attention_mask=mask)[0]
            weights = tf.cast(mask, tf.float32)[..., tf.newaxis]
            mean = tf.reduce_sum(states * weights, 1) / tf.reduce_sum(weights, 1)
            return tf.math.l2_normalize(mean, axis=1)

        self._pooled = pooled

    def encode(self, texts: list[str]) -> Vectors:
        """Return a float32 array of shape (len(texts), width), in the order of `texts`."""
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors: dict[int, Vectors] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            words = self._tokenizer(
                [texts[index] for index in batch], padding=True, truncation=True, max_length=_LONGEST, return_tensors="np"
            )
            rows = self._pooled(words["input_ids"].astype(np.int32), words["attention_mask"].astype(np.int32)).numpy()
            vectors.update(zip(batch, rows))
            if len(texts) > _BATCH:
                log.info("encoded %d of %d", len(vectors), len(texts))
        return np.stack([vectors[index] for index in range(len(texts))])


_loaded: dict[str | None, Encoder] = {}


def shared_encoder(folder: str | None) -> Encoder:
    """One encoder per folder: the weights are 90 MB and load in seconds."""
    if folder not in _loaded:
        _loaded[folder] = Encoder(folder)
    return _loaded[folder]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds the sentence vector as a dense feature."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa wants a tokenizer before any featurizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`folder`: an operator's own encoder; none means the packaged one."""
        return {**DenseFeaturizer.get_default_config(), "folder": None}

    @staticmethod
    def validate_config(config: dict[str, Any]) -> None:
        """Nothing to check: a wrong folder is reported when it is loaded."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SentenceEncoder:
        """Build the component; the weights are read with it."""
        return cls(execution_context.node_name, config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add a (1, width) sentence feature to every message that has text."""
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken:
            vectors = shared_encoder(self._config["folder"]).encode([tidy(message.get(TEXT)) for message in spoken])
            for message, vector in zip(spoken, vectors):
                message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, "sentence_encoder"))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for all training examples, in batches."""
        self.process(training_data.training_examples)
        return training_data
