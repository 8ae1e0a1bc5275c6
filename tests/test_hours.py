from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.errors import ContentError
from bot.signposts.hours import is_bank_holiday, parse_hours

OFFICE = parse_hours([{"days": ["mon", "tue", "wed", "thu", "fri"], "open": "08:00", "close": "22:00"}], "closed")


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def test_the_clock_is_uk_time_in_summer_and_in_winter():
    assert OFFICE.open_at(utc(2026, 7, 1, 7, 0))
    assert not OFFICE.open_at(utc(2026, 12, 1, 7, 0))
    assert OFFICE.open_at(utc(2026, 12, 1, 8, 0))


def test_a_weekday_office_is_closed_on_the_weekend_and_on_bank_holidays():
    assert not OFFICE.open_at(utc(2026, 11, 28, 12, 0))
    assert not OFFICE.open_at(utc(2026, 12, 25, 12, 0))
    assert not OFFICE.open_at(utc(2026, 12, 28, 12, 0)), "Boxing Day is moved to Monday in 2026"
    assert is_bank_holiday(date(2026, 8, 31))


def test_the_next_opening_skips_weekend_and_bank_holidays():
    opening = OFFICE.next_opening(utc(2026, 12, 24, 23, 0))

    assert opening == datetime(2026, 12, 29, 8, 0, tzinfo=ZoneInfo("Europe/London"))


def test_the_night_the_clocks_change_is_right():
    night = parse_hours([{"days": ["sun"], "open": "02:00", "close": "04:00"}], "open")

    assert night.open_at(utc(2026, 3, 29, 1, 30)), "01:30 UTC is 02:30 in summer time"
    assert not night.open_at(utc(2026, 3, 29, 3, 30))


def test_hours_nobody_knows_never_count_as_open():
    unknown = parse_hours("unknown", "open")

    assert not unknown.open_at(utc(2026, 11, 23, 12, 0))
    assert unknown.next_opening(utc(2026, 11, 23, 12, 0)) is None


def test_hours_that_do_not_fit_are_reported():
    with pytest.raises(ContentError, match="hours must be"):
        parse_hours("mostly", "open")
