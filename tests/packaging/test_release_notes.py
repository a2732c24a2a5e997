"""The page of a release, from the changelog."""

from __future__ import annotations

import pytest

from product import VERSION, WORDING
from release_notes import CHANGELOG, release_notes

TEXT = """# Changelog

## 0.2.0 (2027-01-05)

- Opens *more*.

## 0.2

- Not this.

## 0.1.0 (unreleased)

The first.
"""


def test_the_page_has_the_changes_of_its_version_alone() -> None:
    page = release_notes(TEXT, "0.2.0", "v0.2.0")

    assert "- Opens *more*." in page
    assert WORDING in page
    assert "Not this" not in page
    assert "The first" not in page


def test_the_last_version_ends_with_the_file() -> None:
    assert "The first." in release_notes(TEXT, "0.1.0")


@pytest.mark.parametrize(
    ("version", "tag", "said"),
    [
        ("0.3.0", None, "no heading"),
        ("0.2.0", "v0.1.0", r"tag v0\.2\.0"),
        ("0.1.0", "v0.1.0", "write the day"),
    ],
)
def test_what_does_not_agree_is_refused(version: str, tag: str | None, said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        release_notes(TEXT, version, tag)


def test_the_changelog_knows_this_version() -> None:
    assert release_notes(CHANGELOG.read_text(encoding="utf-8"), VERSION)
