"""All commands under one `bot`."""

from __future__ import annotations

import typer

from bot.cli.chat import chat
from bot.cli.counsellor import counsellor, key, purge
from bot.cli.evaluate import evaluate
from bot.cli.recognise import recognise
from bot.cli.serve import serve
from bot.cli.train import train
from bot.cli.tune import tune
from bot.cli.words import words

app = typer.Typer(
    name="bot",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sidedoor: an anonymous first door to help for young people worried that someone is exploiting them.",
)
for command in (serve, train, chat, recognise, evaluate, tune, purge):
    app.command()(command)
app.add_typer(words, name="words")
app.add_typer(counsellor, name="counsellor")
app.add_typer(key, name="key")
