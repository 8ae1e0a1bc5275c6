"""The book shows a reviewer everything, and what has changed."""

from datetime import date

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.errors import ContentError
from bot.words.book import earlier_texts, write_book
from bot.words.reviews import Review
from bot.words.texts import Text, read_texts

TODAY = date(2026, 11, 25)


def text(words, name="utter_worry_gifts", wording=""):
    return Text(name, wording, words, (), "worry_gifts.yml")


def test_the_book_holds_every_text_and_every_button(tmp_path):
    result = CliRunner().invoke(app, ["words", "book", "--out", str(tmp_path / "book.html")])

    book = (tmp_path / "book.html").read_text()
    assert result.exit_code == 0
    assert earlier_texts(tmp_path / "book.html") == {one.name: one.text for one in read_texts()}
    for one in read_texts():
        assert f'id="{one.response}"' in book
        assert all(button.title.replace("'", "&#39;") in book for button in one.buttons)


def test_a_text_nobody_signed_off_leaves_room_for_a_name(tmp_path):
    write_book(tmp_path / "book.html", [text("It is OK.")], {}, (), TODAY, None)

    assert "reviewed by: &nbsp;____" in (tmp_path / "book.html").read_text()


def test_a_signed_text_shows_who_and_when(tmp_path):
    one = text("It is OK.")
    write_book(tmp_path / "book.html", [one], {one.name: Review(one.checksum, "A. Lead", TODAY)}, (), TODAY, None)

    assert "signed off by A. Lead on 2026-11-25" in (tmp_path / "book.html").read_text()


def test_against_an_earlier_book_new_changed_and_gone_are_marked(tmp_path):
    gone = Text("utter_worry_home", "", "Gone <b>now</b>.", (), "worry_home.yml")
    write_book(tmp_path / "old.html", [text("It was OK."), gone], {}, (), TODAY, None)
    write_book(tmp_path / "new.html", [text("It is OK."), text("New.", wording="child")], {}, (), TODAY, tmp_path / "old.html")

    book = (tmp_path / "new.html").read_text()
    assert 'class="text changed"' in book
    assert "<del>It was OK.</del>" in book
    assert 'class="text new"' in book
    assert "Gone: utter_worry_home." in book


def test_a_text_cannot_break_out_of_the_page(tmp_path):
    write_book(tmp_path / "book.html", [text("</script><script>alert(1)</script>")], {}, (), TODAY, None)

    assert "<script>alert" not in (tmp_path / "book.html").read_text()
    assert earlier_texts(tmp_path / "book.html")["utter_worry_gifts"].startswith("</script>")


def test_something_else_is_not_taken_for_an_earlier_book(tmp_path):
    (tmp_path / "x.html").write_text("<p>hello</p>")

    with pytest.raises(ContentError, match="is not a book"):
        earlier_texts(tmp_path / "x.html")
