"""`bot words`: check the reviewed words, and print them as a book."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.words.book import write_book
from bot.words.check import check as check_texts
from bot.words.check import complaints_of, load_shelf, stale
from bot.words.reviews import read_reviews
from bot.words.texts import read_texts, texts_of

words = typer.Typer(no_args_is_help=True, help="Check the words people read, and print them as a book for review.")


@words.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Only these files under data/responses (default: all).")] = None,
) -> None:
    """Check every text like code. Exit status 1 when anything is wrong; unchecked services are only reported."""
    shelf = load_shelf()
    if files:
        found = [complaint for file in files for text in texts_of(file) for complaint in complaints_of(text, shelf)]
    else:
        found = check_texts(read_texts(), shelf)
    out = Console(soft_wrap=True)
    for complaint in found:
        out.print(f"{complaint.name}: {complaint.says}", markup=False, highlight=False)
    if not files:
        old = stale(shelf.directory, date.today())
        out.print(f"{len(old)} of {len(shelf.directory.services)} services shown were not checked in the last 90 days.")
    out.print(f"{len(found)} complaints.")
    if found:
        sys.exit(1)


@words.command()
def book(
    out: Annotated[Path, typer.Option(help="Where to write the book (an HTML page to read or print).")],
    since: Annotated[Path | None, typer.Option(help="An earlier book, to mark what changed since.")] = None,
) -> None:
    """Print every text, for every reader, with its buttons and where they lead, as one page for review."""
    texts = read_texts()
    write_book(out, texts, read_reviews(), load_shelf().names, date.today(), since)
    typer.echo(f"bot: wrote {len(texts)} texts to {out}", err=True)
