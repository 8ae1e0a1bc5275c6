"""What Rasa lets through and we do not."""

import re
from pathlib import Path

import pytest

from bot.content import read_yaml
from bot.errors import ContentError
from bot.handoff.steps import STEPS
from bot.paths import DATA, ROOT
from bot.replies import load_words

TAPPED_ONLY = ("choose_words", "read_page")
INTENTS = [name for name in read_yaml(ROOT / "domain.yml")["intents"] if name not in TAPPED_ONLY]
WORRIES = [name for name in INTENTS if name.startswith(("worry_", "risk_"))]
WORDS = load_words()
EXAMPLES = {
    name: [line[2:] for block in read_yaml(DATA / "nlu" / f"{name}.yml")["nlu"] for line in block["examples"].splitlines()]
    for name in INTENTS
}


def trigrams(line):
    words = re.sub(r"\W+", " ", line.lower()).split()
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


def all_texts():
    for path in sorted((DATA / "responses").glob("*.yml")):
        for name, wordings in read_yaml(path)["responses"].items():
            for wording in wordings:
                yield name, wording["text"]


@pytest.mark.parametrize("topic", INTENTS)
def test_a_topic_has_the_same_name_in_examples_words_and_rules(topic):
    assert {block["intent"] for block in read_yaml(DATA / "nlu" / f"{topic}.yml")["nlu"]} == {topic}
    assert (DATA / "rules" / f"{topic}.yml").is_file()
    assert (DATA / "responses" / f"{topic}.yml").is_file() or topic in ("ask_services",)


@pytest.mark.parametrize("topic", INTENTS)
def test_every_topic_has_enough_examples_in_many_voices(topic):
    assert len(EXAMPLES[topic]) >= (60 if topic in WORRIES else 30)
    assert len(read_yaml(DATA / "nlu" / f"{topic}.yml")["nlu"]) >= 8


def test_no_example_stands_under_two_topics():
    seen = {}
    for topic, lines in EXAMPLES.items():
        for line in lines:
            key = re.sub(r"\W+", " ", line.lower()).strip() or line
            assert key not in seen, f"{topic} and {seen.get(key)}: {line}"
            seen[key] = topic


def test_no_fresh_message_has_found_its_way_into_the_training_examples():
    fresh = read_yaml(Path(__file__).parent / "fresh" / "first_messages.yml")
    known = [trigrams(line) for lines in EXAMPLES.values() for line in lines]

    for line in (line for lines in fresh.values() for line in lines):
        mine = trigrams(line)
        # Four words or fewer ("hiya", "no thank you") can hardly be said in another way.
        assert len(mine) < 3 or all(len(mine & other) < 0.5 * len(mine | other) for other in known), line


def test_a_response_written_twice_is_refused(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yml").write_text("responses:\n  utter_x:\n  - text: hello\n")

    with pytest.raises(ContentError, match="written twice"):
        load_words(tmp_path)


@pytest.mark.parametrize("path", [ROOT / "domain.yml", *sorted(DATA.rglob("*.yml"))], ids=lambda path: path.name)
def test_no_wording_differs_by_channel(path):
    assert not re.search(r"^\s+channel:", path.read_text(), re.MULTILINE)


def test_words_for_danger_and_safety_have_one_wording_for_each_reader():
    safety = [name for name in WORDS.names() if re.search(r"risk_|safe|suicide|no_pictures|one_moment|other_language", name)]

    for name in safety:
        readers = [str(wording.get("condition")) for wording in WORDS._responses[name]]
        assert len(readers) == len(set(readers)), name


@pytest.mark.parametrize("name", ["utter_risk_immediate_danger", "utter_risk_suicide"])
def test_999_stands_in_the_first_sentence_where_it_must(name):
    assert "999" in re.split(r"[.?]", WORDS.reply(name).text)[0]


def test_the_words_for_danger_are_at_most_fifty():
    assert len(WORDS.reply("utter_risk_immediate_danger").text.split()) <= 50
    assert len(WORDS.reply("utter_risk_someone_watching").text.splitlines()) == 2


def test_every_button_leads_somewhere_that_exists():
    for payload in WORDS.payloads():
        steps = {f"handoff_{name}" for name in (*STEPS, "chat")}
        assert payload.split("{")[0] in {*INTENTS, *TAPPED_ONLY, "nlu_fallback", *steps}, payload


def test_every_file_of_examples_and_words_says_who_wrote_it():
    for path in [*(DATA / "nlu").glob("*.yml"), *(DATA / "responses").glob("*.yml"), *(DATA / "signals").glob("*.yml")]:
        head = path.read_text()[:400].lower()
        assert "developers" in head, path.name
        assert "signed" in head, path.name


def test_a_file_that_is_not_yaml_is_reported_with_its_name_and_line(tmp_path):
    broken = tmp_path / "worry_x.yml"
    broken.write_text("responses:\n  utter: [\n")

    with pytest.raises(ContentError, match=r"worry_x\.yml is not valid YAML near line"):
        read_yaml(broken)
