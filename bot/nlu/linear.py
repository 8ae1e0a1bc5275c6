"""Many linear support vector machines over one table of features, and honest probabilities from their margins.

One table (n-grams beside the sentence vector) serves the topics and the levels of concern. Weights are kept as 32-bit
numbers, features in rows, so that a message costs a few hundred row look-ups.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

Numbers = NDArray[Any]

_AT_ONCE = 2  # cores of the smallest machine we plan for


@dataclass(frozen=True)
class Machines:
    """`weights` is (features, machines), `bias` is (machines,)."""

    weights: Numbers
    bias: Numbers

    def margins(self, table: sp.csr_matrix) -> Numbers:
        """Return (messages, machines): how far each message lies on the yes side of each machine."""
        return np.asarray(table @ self.weights) + self.bias


def fit(table: sp.csr_matrix, yes: Numbers, strength: float) -> Machines:
    """Fit one machine for each column of `yes` (messages, machines), a table of booleans."""
    rows = sp.csr_matrix(table, dtype=np.float64)
    rows.sum_duplicates()

    def one(column: Numbers) -> LinearSVC:
        # A view of its own: scikit-learn sets flags on the table it is given, and two at once would trip over each other.
        view = sp.csr_matrix((rows.data, rows.indices, rows.indptr), shape=rows.shape, copy=False)
        view.has_canonical_format = True
        return LinearSVC(C=strength, random_state=7).fit(view, column)

    with ThreadPoolExecutor(_AT_ONCE) as pool:  # liblinear lets go of Python's lock while it works
        columns = list(pool.map(one, np.asarray(yes).T))
    return Machines(
        np.ascontiguousarray(np.vstack([one.coef_[0] for one in columns]).T, dtype=np.float32),
        np.array([one.intercept_[0] for one in columns], np.float32),
    )


@dataclass(frozen=True)
class Sureness:
    """Turns margins into probabilities: `slope` and `offset` fitted on messages the machines never saw (Platt 1999)."""

    slope: float
    offset: float

    def probabilities(self, margins: Numbers) -> Numbers:
        """Return the probability of yes for each margin."""
        return np.asarray(expit(margins * self.slope + self.offset))


def sureness(margins: Numbers, yes: Numbers) -> Sureness:
    """Fit on `margins` and whether yes was right, both of any one shape. With nothing to learn from: a plain default."""
    flat, right = np.asarray(margins).reshape(-1, 1), np.asarray(yes).reshape(-1)
    if len(set(right.tolist())) < 2:
        return Sureness(3.0, 0.0)
    line = LogisticRegression(C=1e3).fit(flat, right)
    return Sureness(float(line.coef_[0][0]), float(line.intercept_[0]))


def feature_table(messages: list[Message], vector_weight: float) -> sp.csr_matrix:
    """Return (messages, features) from what the featurizers noted. Raises ValueError when one of them is missing."""
    rows = []
    for message in messages:
        sparse, dense = message.get_sparse_features(TEXT)[1], message.get_dense_features(TEXT)[1]
        if sparse is None or dense is None:
            raise ValueError("The classifiers need NgramFeaturizer and SentenceEncoder before them in config.yml")
        rows.append((sparse.features, np.asarray(dense.features)))
    vectors = sp.csr_matrix(np.vstack([vector for _, vector in rows]) * vector_weight)
    return sp.hstack([sp.vstack([ngrams for ngrams, _ in rows]), vectors]).tocsr().astype(np.float32)


def labels(message: Message) -> dict[str, Any]:
    """What a reader noted of a training example (`metadata` in data/nlu): voice, concern and further topics."""
    return dict((message.get("metadata") or {}).get("intent") or {})
