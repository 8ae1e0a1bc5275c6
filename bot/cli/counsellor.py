"""`bot counsellor`, `bot purge` and `bot key`: keep accounts, sweep and the service key without the server or Rasa."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.handoff import accounts as book
from bot.handoff.office import Office
from bot.handoff.sweep import sweep
from bot.house import open_office
from bot.paths import ROOT
from bot.settings import Settings
from bot.store.audit import COMMAND_LINE
from bot.store.service_key import rotate

counsellor = typer.Typer(help="Accounts of the desk.", no_args_is_help=True)
key = typer.Typer(help="The service key.", no_args_is_help=True)


@counsellor.command()
def add(
    login: Annotated[str, typer.Argument(help="Small letters, digits, dots.")],
    name: Annotated[str, typer.Option(help="What the young person sees.", prompt="Name the young person sees")],
    role: Annotated[str, typer.Option(help="counsellor, supervisor or administrator")] = "counsellor",
) -> None:
    """Add an account; prints a passphrase for the first sign-in."""
    office = _office()
    with office.db.change() as connection:
        given = book.add(connection, office.service, time.time(), login, name, role, COMMAND_LINE)
    print(f"First passphrase for {given.login} (tell them in person; it is changed at the first sign-in): {given.passphrase}")


@counsellor.command("list")
def list_accounts() -> None:
    """Show all accounts."""
    office = _office()
    table = Table("login", "name", "role", "state")
    with office.db.read() as connection:
        for row in book.everybody(connection):
            state = "disabled" if not row.active else "active" if row.totp_seen else "not signed in yet"
            table.add_row(row.login, row.name, row.role, state)
    Console().print(table)


@counsellor.command()
def reset(login: Annotated[str, typer.Argument()]) -> None:
    """Give a new first passphrase and code app; signs the account out everywhere."""
    office = _office()
    with office.db.change() as connection:
        given = book.reset(connection, office.service, time.time(), login, COMMAND_LINE)
    if given.lost:
        print(f"{given.lost} talks or messages could be opened by {login} only. They are lost, and go at their time.")
    print(f"First passphrase for {login} (tell them in person): {given.passphrase}")


@counsellor.command()
def disable(login: Annotated[str, typer.Argument()]) -> None:
    """Shut an account at once."""
    office = _office()
    with office.db.change() as connection:
        book.disable(connection, time.time(), login, COMMAND_LINE)
    print(f"{login} is signed out everywhere and can open nothing.")


@key.command("rotate")
def rotate_key() -> None:
    """Put a new service key before the present one, which is kept for the codes made with it."""
    path = Path(Settings.from_env(os.environ).key_file or ROOT / "keys" / "service.key")
    rotate(path)
    print("A new service key is in use. Back the file up, apart from the database. Restart the server.")


def purge() -> None:
    """Delete everything whose time is over, now. The server does the same every minute."""
    done = sweep(_office())
    print(f"{done.gone} gone, {done.ended} ended because nobody was there.")
    if not done.clean:
        print("The database was busy, and its log is not emptied yet. Run it again.")


def _office() -> Office:
    return open_office(Settings.from_env(os.environ))
