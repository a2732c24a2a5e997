"""What GitHub's machines are told to do: it is well formed, and what it names is there."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from functools import cache
from typing import Any

import pytest
from ruamel.yaml import YAML

from ecgview.cli import COMMANDS, make_parser
from product import ROOT

FILES = {path.stem: path for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))}
SYSTEMS = {"ubuntu-latest", "windows-latest", "macos-latest"}


@cache
def workflow(name: str) -> dict[str, Any]:
    return YAML(typ="safe").load(FILES[name])


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


def commands() -> list[str]:
    return [step["run"] for name in FILES for step in steps(name) if "run" in step]


def scripts() -> dict[str, set[str]]:
    """Give each script of packaging/ that is run, with the options that it is given."""
    found: dict[str, set[str]] = {}
    for command in commands():
        for script, words in re.findall(r"python\"? (packaging/[\w./]+)([^\n]*)", command):
            found.setdefault(script, set()).update(re.findall(r"(?<!\S)--[\w-]+", words))
    return found


def test_both_workflows_are_there() -> None:
    assert set(FILES) == {"tests", "installers"}


def test_they_keep_to_the_schema_of_workflows() -> None:
    checker = [sys.executable, "-m", "check_jsonschema"]
    ran = subprocess.run(
        [*checker, "--builtin-schema", "vendor.github-workflows", *FILES.values()],
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_tests_run_the_test_command_of_the_readme_word_for_word() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.search(r"<!-- test command -->\n```\n(.+)\n```", readme)

    assert told is not None
    (tests,) = [
        step["run"] for step in workflow("tests")["jobs"]["tests"]["steps"] if "pytest" in str(step)
    ]
    assert tests.strip() == told[1]


def test_style_is_checked_as_it_is_here() -> None:
    here = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    there = {step.get("run") for step in workflow("tests")["jobs"]["style"]["steps"]}

    checks = set(re.findall(r'(?:^|" )((?:ruff|mypy)\b.*)$', here, re.MULTILINE))
    assert len(checks) == 3
    assert checks <= there


def test_the_tests_run_on_every_system_and_python_that_is_promised() -> None:
    matrix = workflow("tests")["jobs"]["tests"]["strategy"]["matrix"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert set(matrix["system"]) == SYSTEMS
    assert matrix["python"] == ["3.11", "3.12", "3.13"]
    assert project["requires-python"] == ">=3.11,<3.14"


def test_installers_are_made_on_every_system() -> None:
    cells = workflow("installers")["jobs"]["installers"]["strategy"]["matrix"]["include"]

    assert {cell["system"].split("-")[0] for cell in cells} == {"ubuntu", "windows", "macos"}


@pytest.mark.parametrize("script", sorted(scripts()))
def test_scripts_and_their_options_are_there(script: str) -> None:
    assert (ROOT / script).exists()
    told = subprocess.run(
        [sys.executable, script, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert scripts()[script] <= set(re.findall(r"--[\w-]+", told))


def test_the_scripts_of_a_release_are_run() -> None:
    wanted = {"build.py", "check", "installers.py", "sbom.py", "checksums.py", "release_notes.py"}

    assert {f"packaging/{name}" for name in wanted | {"wheel_check.py"}} == set(scripts())


def test_commands_of_ecgview_are_there() -> None:
    told = "\n".join(commands())
    lines = re.findall(r"ecgview(?:\.exe\")? (-?-?[a-z]+)((?: --[a-z-]+)?)", told)
    named = {word for word, _ in lines if word in COMMANDS or word.startswith("--")}

    assert {"--version", "demo"} <= named
    for word in named - {"--version"}:
        assert make_parser().parse_args([word]) is not None
    assert make_parser().parse_args(["demo", "--screenshot", "demo.png"]) is not None


def test_variables_for_signing_are_read_by_a_script() -> None:
    handed = {name for step in steps("installers") for name in step.get("env", {})}
    signing = {name for name in handed if name.startswith("ECGVIEW_")}
    read = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "packaging").rglob("*.py"))

    assert {"ECGVIEW_SIGN_COMMAND", "ECGVIEW_SIGNING_IDENTITY"} <= signing
    assert {name for name in signing if name not in read} == set()


def test_actions_are_githubs_own_at_a_major_version() -> None:
    used = [step["uses"] for name in FILES for step in steps(name) if "uses" in step]

    assert used
    assert {name for name in used if not re.fullmatch(r"actions/[\w-]+@v\d+", name)} == set()


def test_only_the_job_that_drafts_the_release_may_write() -> None:
    assert all(workflow(name)["permissions"] == {"contents": "read"} for name in FILES)
    jobs = {f"{name}/{key}": job for name in FILES for key, job in workflow(name)["jobs"].items()}

    assert {name for name, job in jobs.items() if "permissions" in job} == {"installers/release"}
    assert {name for name, job in jobs.items() if "timeout-minutes" not in job} == set()
    checkouts = [
        step for name in FILES for step in steps(name) if "checkout" in step.get("uses", "")
    ]
    assert not any(step["with"]["persist-credentials"] for step in checkouts)


def test_no_address_and_no_secret_stands_in_them() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FILES.values())

    assert "://" not in text
    assert not any("secrets." in command for command in commands())


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no bash of its own")
def test_what_bash_is_given_is_bash() -> None:
    lines = [
        step["run"]
        for name in FILES
        for step in steps(name)
        if "run" in step and step.get("shell") != "pwsh"
    ]

    assert lines
    for line in lines:
        ran = subprocess.run(["bash", "-n"], input=line, capture_output=True, text=True)
        assert ran.returncode == 0, f"{line}\n{ran.stderr}"


def test_every_file_of_a_build_reaches_the_release() -> None:
    uploads = [step for step in steps("installers") if "upload-artifact" in step.get("uses", "")]
    (download,) = [
        step for step in steps("installers") if "download-artifact" in step.get("uses", "")
    ]

    assert len(uploads) == 2
    assert {step["with"]["path"] for step in uploads} == {"release/*"}
    assert all(step["with"]["name"].startswith("release-") for step in uploads)
    assert download["with"] == {"pattern": "release-*", "path": "release", "merge-multiple": True}
    assert set(workflow("installers")["jobs"]["release"]["needs"]) == {"installers", "python"}
