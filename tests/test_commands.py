"""The commands as an operator or a developer runs them."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.agent.fingerprint import fingerprint
from bot.paths import ROOT

BOT = [sys.executable, "-m", "bot"]


def run(*command, **options):
    return subprocess.run([*BOT, *command], capture_output=True, text=True, timeout=300, check=False, cwd=ROOT, **options)


def test_help_names_every_command():
    helped = run("--help").stdout

    for command in ("serve", "train", "chat", "recognise"):
        assert command in helped


@pytest.mark.model
def test_json_lines_come_out_one_for_one_in_order_and_nothing_else(model):
    lines = [
        '{"conversation": "a", "text": "he keeps asking me for pics"}',
        "broken",
        '{"conversation": "b", "button": "nobody offered this"}',
        '{"conversation": "a", "text": ""}',
        '{"text": "no conversation"}',
        '{"conversation": "c", "text": 5}',
        "[1]",
        "\x00",
        '{"conversation": "a", "text": "' + "long " * 30_000 + '"}',
        '{"conversation": "z", "text": "mum"}',
    ]

    ran = run("chat", "--jsonl", input="\n".join(lines) + "\n")
    out = [json.loads(line) for line in ran.stdout.splitlines()]

    assert ran.returncode == 0
    assert len(out) == len(lines)
    assert out[0]["topic"] == "worry_image_request"
    assert set(out[0]) == {"conversation", "replies", "topic", "topics", "concern"}
    assert set(out[0]["replies"][0]) == {"text", "buttons", "response"}
    assert all("line" in out[number]["error"] for number in (1, 4, 6, 7))
    assert all(out[number]["replies"][0]["text"] for number in (2, 3, 5, 8, 9))
    assert "Traceback" not in ran.stderr


@pytest.mark.model
def test_recognise_adds_what_was_heard_to_each_line(model):
    ran = run("recognise", input='{"text": "he keeps asking me for pics", "id": 7}\nnope\n{"text": ""}\n')
    first, second, third = (json.loads(line) for line in ran.stdout.splitlines())

    assert first["id"] == 7
    assert first["topic"] == "worry_image_request"
    assert first["concern"] in ("worry", "high")
    assert {"confidence", "topics", "outcome"} <= set(first)
    assert "line 2" in second["error"]
    assert third["concern"] == "info"


def test_a_taken_port_is_told_in_one_line_with_another_to_try():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = run("serve", "--port", str(taken.getsockname()[1]))

    assert ran.returncode == 1
    assert "cannot be used" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_setting_that_does_not_fit_is_named():
    ran = run("serve", env={**os.environ, "SIDEDOOR_PORT": "lots"})

    assert ran.returncode == 1
    assert "SIDEDOOR_PORT must be a whole number" in ran.stderr


def test_the_fingerprint_changes_with_a_word_and_not_with_time(tmp_path: Path):
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    example = tmp_path / "data" / "nlu" / "x.yml"
    example.write_text("a")
    first = fingerprint(tmp_path)
    os.utime(example, (1, 1))

    assert fingerprint(tmp_path) == first
    example.write_text("b")
    assert fingerprint(tmp_path) != first
