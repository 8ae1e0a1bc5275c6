"""The measures can fail, count rightly, and say how unsure they are."""

import asyncio
from datetime import date

import pytest

from bot.errors import ContentError
from bot.evaluate.cases import BENCHMARK, Case, read_cases
from bot.evaluate.judge import judge
from bot.evaluate.measures import Judged, Rate, gates, meets
from bot.evaluate.report import calibration, summary, write
from bot.house import concern_table
from bot.safety.concern import Concern
from bot.safety.heard import Heard


def judged(topic, heard, concern=Concern.WORRY, said=Concern.WORRY, group="worries", menu=False, share=0.9, expect=None):
    case = Case(("words",), (topic,), said, "boys", group, expect or {})
    return Judged(case, heard, ((heard, share),), (heard,), concern, menu, 0.01)


def gate(name, *cases):
    return next(one for one in gates(list(cases)) if name in one.name)


def test_a_missed_danger_makes_its_gate_fall():
    hit = judged("risk_immediate_danger", "risk_immediate_danger", Concern.IMMEDIATE, Concern.IMMEDIATE, "urgent")
    miss = judged("risk_immediate_danger", "worry_home", Concern.HIGH, Concern.IMMEDIATE, "urgent")

    assert gate("concern immediate", hit).holds
    assert not gate("concern immediate", hit, miss).holds


def test_a_false_alarm_on_something_harmless_makes_its_gate_fall():
    calm = judged("out_of_scope", "out_of_scope", Concern.INFO, Concern.INFO, "near_misses")
    alarm = judged("out_of_scope", "worry_home", Concern.HIGH, Concern.INFO, "near_misses")

    assert gate("Near-misses", calm).holds
    assert not gate("Near-misses", calm, alarm).holds


def test_an_acceptance_line_is_met_only_when_all_it_expects_holds():
    expect = {"concern_at_least": "high", "topic_in": ["worry_home"]}

    assert meets(judged("worry_home", "worry_home", Concern.HIGH, expect=expect))
    assert not meets(judged("worry_home", "worry_home", Concern.WORRY, expect=expect))
    assert not meets(judged("worry_home", "thank", Concern.HIGH, expect=expect))


def test_an_interval_is_wide_for_few_and_narrow_for_many():
    few, many = Rate(9, 10).interval, Rate(900, 1000).interval

    assert few[0] < 0.6 < many[0] < 0.9 < many[1] < few[1]
    assert Rate(10, 10).interval[1] == pytest.approx(1.0)
    assert Rate(10, 10).interval[0] < 0.75


def test_calibration_puts_sureness_beside_rightness():
    bins = calibration([judged("worry_home", "worry_home", share=0.95), judged("worry_home", "thank", share=0.95)])

    assert bins == [{"sure": 0.95, "right": 0.5, "cases": 2}]


def test_a_line_that_does_not_fit_is_named(tmp_path):
    (tmp_path / "mine.jsonl").write_text('{"text": "x", "topics": ["thank"], "concern": "info", "voice": "a"}\n{"text": "y"}\n')

    with pytest.raises(ContentError, match=r"mine\.jsonl line 2"):
        read_cases([tmp_path])


def test_the_report_is_a_page_with_every_gate(tmp_path):
    found = summary([judged("worry_home", "worry_home"), judged("worry_home", "thank")], date(2026, 11, 23))

    page = write(tmp_path, found).read_text()

    assert all(gate["name"] in page for gate in found["gates"])
    assert "50.0 %" in page
    assert (tmp_path / "report.json").exists()


def test_a_vague_follow_up_is_judged_in_the_light_of_the_turn_before(recogniser):
    class Two:
        def __init__(self):
            self.heard = {
                "they will post it": Heard((("worry_blackmail", 0.9),), words=8),
                "and he wont stop": Heard((("worry_controlling", 0.3),), words=4),
                "they will post it. and he wont stop": Heard((("worry_blackmail", 0.8),), words=8),
            }

        async def hear(self, text):
            return self.heard[text]

    case = Case(("they will post it", "and he wont stop"), ("worry_blackmail",), Concern.HIGH, "boys", "follow_ups")

    (one,) = asyncio.run(judge([case], Two(), concern_table()))

    assert one.topic == "worry_blackmail"


def test_the_benchmark_is_as_large_and_as_varied_as_it_must_be():
    cases = read_cases([BENCHMARK])
    topics, voices = [case.topics[0] for case in cases], [case.voice for case in cases]

    assert len(cases) >= 3_500
    typed = set(concern_table().topics) - {"choose_words", "read_page"}
    assert all(topics.count(topic) >= 30 for topic in typed)
    assert all(voices.count(voice) >= 300 for voice in ("boys", "esl", "under_13", "literal", "scouse", "faith"))
    groups = [case.group for case in cases]
    assert groups.count("urgent") >= 200
    assert groups.count("near_misses") >= 300
    assert groups.count("ordinary") >= 1_000
    assert groups.count("follow_ups") >= 150
    assert groups.count("other_languages") >= 200
