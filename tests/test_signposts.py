from datetime import datetime, timezone

import pytest

from bot.content import read_yaml
from bot.paths import DATA
from bot.signposts.directory import FRONT_DOORS, load_directory
from bot.signposts.links import link_finder
from bot.signposts.router import Asker, choose
from bot.signposts.wording import in_words, signpost_phrases

DIRECTORY = load_directory()
NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=timezone.utc)
DAY = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
TEENAGER = Asker(age=(13, 15))
_AUDIENCE = {"adult_parent": "parent", "adult_professional": "professional", "adult_community": "community"}


def ids(chosen):
    return [found.service.id for found in chosen]


@pytest.mark.parametrize("topic", sorted(DIRECTORY.routes))
@pytest.mark.parametrize("age", [None, (8, 12), (13, 15), (16, 17), (18, 24)])
def test_everyone_is_shown_someone_open_at_three_in_the_morning(topic, age):
    chosen = choose(DIRECTORY, (topic,), Asker(_AUDIENCE.get(topic, "young_person"), age), NIGHT)

    assert chosen, topic
    reachable = [found for found in chosen if found.open or any(c.kind in ("web", "email") for c in found.contacts)]
    assert reachable
    openness = [found.open for found in chosen if not found.service.emergency]
    assert openness == sorted(openness, reverse=True), "a closed service stands before an open one"


def test_unsure_entries_are_in_the_file_but_never_shown():
    unsure = {entry["id"] for entry in read_yaml(DATA / "signposts.yml")["services"] if entry["sure"] == "unsure"}

    assert unsure
    assert not unsure & set(DIRECTORY.services)
    assert all(contact.sure for service in DIRECTORY.services.values() for contact in service.contacts)


def test_an_unknown_age_is_shown_only_what_turns_nobody_away_and_childline_with_its_age():
    for topic in DIRECTORY.routes:
        for found in choose(DIRECTORY, (topic,), Asker(), DAY):
            assert found.service.any_age or found.service.id == "childline"
    assert "Childline, if you are under 19" in in_words(
        choose(DIRECTORY, ("worry_gifts",), Asker(), DAY), Asker(), DAY, signpost_phrases()
    )


@pytest.mark.parametrize(
    ("age", "shown", "hidden"),
    [
        ((8, 12), "childline", "rape_crisis"),
        ((13, 15), "childline", "rape_crisis"),
        ((16, 17), "rape_crisis", "stopncii"),
        ((18, 24), "rape_crisis", "childline"),
    ],
)
def test_age_gates_are_respected(age, shown, hidden):
    found = ids(choose(DIRECTORY, ("worry_touched", "worry_image_sent"), Asker(age=age), DAY, at_most=10))

    assert shown in found
    assert hidden not in found


def test_report_remove_comes_first_for_a_teenager_whose_picture_got_out():
    assert ids(choose(DIRECTORY, ("worry_image_sent",), TEENAGER, NIGHT))[0] == "report_remove"


@pytest.mark.parametrize(("area", "door"), sorted(FRONT_DOORS.items()))
def test_each_council_has_its_own_door_where_its_number_is_sure(area, door):
    found = ids(choose(DIRECTORY, ("worry_home",), Asker(area=area), DAY, at_most=9))

    assert (door in found) == (door in DIRECTORY.services)
    assert not set(FRONT_DOORS.values()) - {door} & set(found)


def test_the_same_list_is_not_shown_twice_running():
    first = ids(choose(DIRECTORY, ("worry_blackmail", "ask_services"), TEENAGER, DAY))
    second = ids(choose(DIRECTORY, ("worry_blackmail", "ask_services"), TEENAGER, DAY, tuple(first)))

    assert second
    assert not set(first) & set(second)


def test_a_wish_for_no_police_hides_the_police_but_never_999():
    asker = Asker(age=(13, 15), wishes=frozenset({"no_police"}))

    found = ids(choose(DIRECTORY, ("worry_threats", "worry_online_contact"), asker, DAY, at_most=10))

    assert "emergency_999" in found
    assert not {"police_101", "ceop"} & set(found)


def test_a_wish_for_no_phone_calls_shows_no_number_to_call_but_999():
    asker = Asker(age=(13, 15), wishes=frozenset({"no_phone"}))

    for found in choose(DIRECTORY, ("worry_threats", "ask_services"), asker, DAY, at_most=10):
        assert found.service.emergency or all(contact.kind != "phone" for contact in found.contacts)


def test_a_closed_number_says_when_it_opens():
    chosen = choose(DIRECTORY, ("worry_home",), Asker(area="liverpool"), NIGHT, at_most=5)

    assert "Closed now. Opens today at 8am." in in_words(chosen, Asker(area="liverpool"), NIGHT, signpost_phrases())


def test_numbers_in_words_become_links_and_nothing_else_does():
    links = link_finder(DIRECTORY)("In danger call 999. Childline: 0800 1111, at 1999 Road.")

    assert [(link["text"], link["href"]) for link in links] == [("999", "tel:999"), ("0800 1111", "tel:08001111")]
