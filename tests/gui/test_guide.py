import re

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QTextBrowser
from stand_ins import FakeEngine, main_window

from ecgview.errors import EcgviewError
from ecgview.gui.guide import pages
from ecgview.gui.guide.dialog import GuideDialog
from ecgview.gui.guide.pages import guide_pages, matching, page_for

PAGES = guide_pages()


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path, FakeEngine()) as made:
        yield made


@pytest.fixture
def guide(qapp):
    made = GuideDialog()
    made.show()
    yield made
    made.close()
    made.deleteLater()


def text_of(guide):
    return guide.findChild(QTextBrowser).toPlainText()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_short_and_its_links_lead_somewhere(page):
    names = {one.name for one in PAGES}
    assert page.markdown.startswith(f"# {page.title}\n")
    assert "{{" not in page.markdown
    assert 8 <= len(page.markdown.splitlines()) <= 60
    for link in re.findall(r"\]\(([^)]+)\)", page.markdown):
        assert link.removesuffix(".md") in names, link


def test_actions_are_written_as_the_menu_writes_them():
    text = pages._page("01-x", "# X\n\n{{open}} and {{convert}}").markdown
    assert text.endswith("*Open…* (Ctrl+O) and *Convert a folder…*")
    with pytest.raises(EcgviewError, match="no\\.such"):
        pages._page("01-x", "# X\n\n{{no.such}}")


def test_search_finds_pages_by_all_words_titles_first():
    found = matching(PAGES, "train model")
    assert found[0].name == "training"
    assert 0 < len(found) < len(PAGES)
    assert matching(PAGES, "  ") == PAGES
    assert matching(PAGES, "zebra") == ()


def test_searching_and_following_links_in_the_window(guide):
    contents, search = guide.findChild(QListWidget), guide.findChild(QLineEdit)
    assert contents.count() == len(PAGES)
    QTest.keyClicks(search, "electrodes exchanged")
    assert [contents.item(row).text() for row in range(contents.count())] == ["Open a recording"]
    assert "Eighteen formats" in text_of(guide)
    QTest.keyClicks(search, " zebra")
    assert text_of(guide) == "No page of the guide holds these words."
    guide.findChild(QTextBrowser).anchorClicked.emit(QUrl("leads.md"))
    assert search.text() == ""
    assert text_of(guide).startswith("Choose leads")


def test_f1_opens_the_page_on_what_is_on_the_screen(window):
    window.activateWindow()
    assert page_for("viewer") == ""
    window.session.update(page="training")
    QTest.keyClick(window, Qt.Key.Key_F1)
    guide = window.findChild(GuideDialog)
    assert guide.isVisible()
    assert text_of(guide).startswith("Train a model")
    assert not guide.isModal()
    window.session.update(page="library")
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.findChildren(GuideDialog) == [guide]
    assert not text_of(guide).startswith("Train a model")
    QTest.keyClick(guide, Qt.Key.Key_Escape)
    assert not guide.isVisible()
