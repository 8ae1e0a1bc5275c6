"""What the recogniser learns from: labelled, varied, and never a line of the benchmark."""

from collections import Counter, defaultdict

import pytest

from bot.content import read_yaml
from bot.errors import ContentError
from bot.nlu.examples import LEFT_OUT, read_examples
from bot.paths import ROOT
from bot.safety.heard import is_worry


@pytest.fixture(scope="module")
def examples():
    return read_examples()


def test_every_topic_of_the_domain_has_examples_and_no_other(examples):
    tapped_only = {"choose_words", "read_page"}

    assert {example.topic for example in examples} == set(read_yaml(ROOT / "domain.yml")["intents"]) - tapped_only


def test_each_worry_and_risk_has_200_examples_in_eight_voices_and_each_other_topic_100(examples):
    lines, voices = Counter(), defaultdict(set)
    for example in examples:
        lines[example.topic] += 1
        voices[example.topic].add(example.voice)

    for topic, count in lines.items():
        grave = topic.startswith(("worry_", "risk_"))
        assert count >= (200 if grave else 100), (topic, count)
        assert len(voices[topic]) >= (8 if grave else 2), (topic, voices[topic])


def test_no_example_stands_twice_under_one_topic(examples):
    twice = [pair for pair, count in Counter((example.topic, example.text.lower()) for example in examples).items() if count > 1]

    assert not twice


def test_nothing_harmless_is_labelled_with_a_worry_and_the_other_way_round(examples):
    for example in examples:
        if example.topic == "out_of_scope":
            assert example.concern == "info", example.text
        if example.topic.startswith("risk_"):
            assert example.concern in ("worry", "high", "immediate"), example.text
        assert not any(topic == example.topic for topic in example.also)


def test_the_writers_left_out_of_tuning_wrote_about_worries_and_about_nothing(examples):
    unseen = [example for example in examples if example.voice in LEFT_OUT]

    assert len(unseen) >= 1500
    assert {is_worry(example.topic) for example in unseen} == {True, False}
    assert {example.concern for example in unseen} == {"info", "worry", "high", "immediate"}


@pytest.mark.parametrize(
    ("metadata", "complaint"),
    [
        ("{voice: boys}", "concern"),
        ("{concern: high}", "voice"),
        ("{voice: boys, concern: dreadful}", "concern"),
        ("{voice: boys, concern: high, also: [worry_nothing]}", "worry_nothing"),
    ],
)
def test_a_block_without_its_labels_is_refused_by_name(tmp_path, metadata, complaint):
    (tmp_path / "worry_home.yml").write_text(
        f'version: "3.1"\nnlu:\n- intent: worry_home\n  metadata: {metadata}\n  examples: |\n    - a line\n'
    )

    with pytest.raises(ContentError, match=complaint):
        read_examples(tmp_path)
