"""Rasa as a guest: quiet, bounded, and never silent."""

import asyncio
import io
import logging

import pytest

from bot.agent.house_actions import house_actions
from bot.agent.in_process_actions import InProcessActions
from bot.agent.runner import RasaAgent
from bot.content import read_yaml
from bot.errors import AgentNotReady, ModelError
from bot.paths import ROOT

SECRET = "zebedee quartermain of 12 made up street touched me"  # noqa: S105  # a planted sentence


def test_every_action_of_the_domain_has_its_own_file_and_instance():
    named = set(read_yaml(ROOT / "domain.yml")["actions"])

    assert named == InProcessActions(house_actions()).names()
    assert named == {path.stem for path in (ROOT / "bot" / "actions").glob("action_*.py")}


def test_an_action_that_explodes_gives_kind_words_and_logs_no_text(caplog):
    class Exploding:
        def name(self):
            return "action_boom"

        def run(self, dispatcher, tracker, domain):
            raise RuntimeError(SECRET)

    caplog.set_level(logging.DEBUG)
    call = {
        "next_action": "action_boom",
        "tracker": {
            "sender_id": "x",
            "slots": {},
            "latest_message": {"text": SECRET},
            "events": [],
            "paused": False,
            "followup_action": None,
            "active_loop": {},
            "latest_action_name": None,
        },
    }

    result = asyncio.run(InProcessActions([Exploding()]).request(json=call))

    assert result["responses"] == [{"response": "utter_safe_reply"}]
    assert "zebedee" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_nobody_is_answered_before_the_model_is_loaded():
    agent = RasaAgent()

    with pytest.raises(AgentNotReady):
        asyncio.run(agent.hear("hello"))
    agent.close()


@pytest.mark.model
def test_a_missing_or_broken_model_is_told_clearly(tmp_path):
    broken = tmp_path / "sidedoor-x.tar.gz"
    broken.write_bytes(b"not a model")
    agent = RasaAgent()

    for path in (broken, tmp_path / "none.tar.gz"):
        with pytest.raises(ModelError, match="uv run bot train"):
            asyncio.run(agent.load(path))
    agent.close()


@pytest.mark.model
def test_no_message_text_reaches_any_log_at_any_level(house, capfd):
    _, turns = house
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        conversation, _ = turns.open()
        asyncio.run(turns.say(conversation, SECRET))
        asyncio.run(turns.say(conversation, f"/restart {SECRET}"))
    finally:
        logging.getLogger().removeHandler(handler)
    out, err = capfd.readouterr()

    assert "zebedee" not in written.getvalue() + out + err


@pytest.mark.model
def test_the_tracker_stays_short_so_that_turn_120_is_as_quick_as_turn_2(house):
    agent, turns = house
    conversation, _ = turns.open()
    lengths = []
    for _ in range(40):
        asyncio.run(turns.say(conversation, "he keeps asking for pics"))
        lengths.append(len(agent._memory._trackers[conversation.id].events))

    assert max(lengths[10:]) <= max(lengths[3:10])
    assert max(lengths) < 80


@pytest.mark.model
def test_leaving_forgets_rasas_tracker_too(house):
    agent, turns = house
    conversation, _ = turns.open()
    asyncio.run(turns.say(conversation, "he keeps asking for pics"))
    assert conversation.id in agent._memory._trackers

    turns.conversations.leave(conversation.id)
    asyncio.run(asyncio.sleep(0.2))

    assert conversation.id not in agent._memory._trackers


@pytest.mark.model
def test_two_people_talking_at_once_are_kept_apart(house):
    _, turns = house

    async def both():
        (one, _), (two, _) = turns.open(), turns.open()
        return await asyncio.gather(
            turns.say(one, "he keeps asking me for nudes"), turns.say(two, "my nan got me a new bike for my birthday")
        )

    first, second = asyncio.run(both())

    assert first.topic == "worry_image_request"
    assert second.concern.word == "info"


@pytest.mark.model
def test_while_rasa_thinks_other_people_are_still_served(house):
    _, turns = house

    async def longest_pause():
        async def talk():
            conversation, _ = turns.open()
            for _ in range(5):
                await turns.say(conversation, "he keeps asking me for pics and i dont know what to do")

        talking = asyncio.gather(*(talk() for _ in range(8)))
        longest, loop = 0.0, asyncio.get_running_loop()
        while not talking.done():
            before = loop.time()
            await asyncio.sleep(0.005)
            longest = max(longest, loop.time() - before)
        await talking
        return longest

    assert asyncio.run(longest_pause()) < 1.0
