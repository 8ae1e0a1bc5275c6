"""The documents say what the code does."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from conftest import missing

from bot.paths import DATA, ROOT
from bot.settings import Settings


def test_every_setting_stands_in_the_readme_with_its_default():
    readme = (ROOT / "README.md").read_text()

    for setting in fields(Settings):
        assert re.search(rf"`SIDEDOOR_{setting.name.upper()}` \| `{setting.default}`", readme), setting.name


def test_every_command_the_readme_names_exists():
    readme = (ROOT / "README.md").read_text()

    for command in set(re.findall(r"`(?:uv run )?bot (\w+)", readme)) - {"purge"}:  # lives with the other desk commands
        assert (ROOT / "bot" / "cli" / f"{command}.py").is_file(), command


def test_how_long_things_are_kept_is_the_same_in_the_code_and_in_the_privacy_page():
    from bot.handoff.states import KEEPING

    said = (ROOT / "docs" / "privacy.md").read_text()
    for kept in KEEPING.values():
        assert f"| {kept.state} | {kept.who} | {kept.until} |" in said


def test_every_link_in_the_documents_leads_to_a_file():
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_file_the_architecture_names_exists():
    for name in re.findall(r"`((?:bot|data)/[\w/.]+)`", (ROOT / "docs" / "architecture.md").read_text()):
        assert (ROOT / name).exists(), name


def test_every_source_the_directory_names_is_listed():
    listed = (ROOT / "docs" / "sources.md").read_text()

    for number in set(re.findall(r"\bS\d+\b", " ".join(re.findall(r'source: "(.*)"', (DATA / "signposts.yml").read_text())))):
        assert re.search(rf"\b{number}\b", listed), number


def test_requirements_are_those_of_the_lock():
    uv = shutil.which("uv")
    if not uv:
        missing("uv")
    fresh = subprocess.run(
        [uv, "export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "-q"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    def pinned(text):
        return [line for line in text.splitlines() if not line.startswith("#")]

    assert pinned((ROOT / "requirements.txt").read_text()) == pinned(fresh)


@pytest.mark.model
def test_rasa_finds_no_fault_with_the_project():
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("rasa")), "data", "validate", "--domain", "domain.yml", "--data", "data"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
    )
    said = [line for line in (ran.stdout + ran.stderr).splitlines() if "UserWarning" in line]

    assert ran.returncode == 0
    # Words that code chooses, and what is only ever tapped.
    fine = ("is not used in any story or rule", "'choose_words'", "'read_page'")
    assert all(any(words in line for words in fine) for line in said), said
