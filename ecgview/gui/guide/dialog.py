"""The window of the guide: what can be read about at the left, the page at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ecgview.gui.guide.pages import GuidePage, guide_pages, matching
from ecgview.gui.text_size import hold
from ecgview.gui.widgets import resize_to_fit

SIZE_PX = (860, 640)
_CONTENTS_PX = 232
_MARGIN_PX = 22
_PARAGRAPH_PX = 10
_LINE_HEIGHT = 130.0


class GuideDialog(QDialog):
    """The guide; the window below it goes on working.

    Parameters
    ----------
    first : str
        Name of the page to begin with; the first page if empty.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, first: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Guide")
        self.setModal(False)
        resize_to_fit(self, *SIZE_PX)
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search the guide")
        self._search.setAccessibleName("Search the guide")
        self._search.setClearButtonEnabled(True)
        self._contents = QListWidget()
        self._contents.setAccessibleName("Pages of the guide")
        self._contents.setFrameShape(QFrame.Shape.NoFrame)
        self._contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text = QTextBrowser()
        self._text.setAccessibleName("Page of the guide")
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setOpenLinks(False)
        self._text.document().setDocumentMargin(_MARGIN_PX)
        self._lay_out()
        self._search.textChanged.connect(self._on_search)
        self._contents.currentItemChanged.connect(self._on_chosen)
        self._text.anchorClicked.connect(self._on_link)
        self._on_search("")
        self.show_page(first)
        self._search.setFocus()

    def _lay_out(self) -> None:
        side = QWidget()
        side.setProperty("panel", "true")
        hold(side, width=_CONTENTS_PX, share=0.7)
        column = QVBoxLayout(side)
        column.setContentsMargins(14, 14, 8, 14)
        column.setSpacing(8)
        column.addWidget(self._search)
        column.addWidget(self._contents, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self._text, 1)

    def show_page(self, name: str) -> None:
        """Turn to a page; one that is not listed changes nothing."""
        for row in range(self._contents.count()):
            item = self._contents.item(row)
            if item.data(Qt.ItemDataRole.UserRole).name == name:
                self._contents.setCurrentItem(item)

    def _on_search(self, words: str) -> None:
        self._contents.clear()
        for page in matching(guide_pages(), words):
            item = QListWidgetItem(page.title, self._contents)
            item.setData(Qt.ItemDataRole.UserRole, page)
        self._contents.setCurrentRow(0)
        if not self._contents.count():
            self._text.setPlainText("No page of the guide holds these words.")

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        page: GuidePage = item.data(Qt.ItemDataRole.UserRole)
        self._text.document().setMarkdown(
            page.markdown, QTextDocument.MarkdownFeature.MarkdownDialectGitHub
        )
        _set_type(self._text.document())
        self._text.moveCursor(QTextCursor.MoveOperation.Start)
        self._text.verticalScrollBar().setValue(0)

    def _on_link(self, link: QUrl) -> None:
        self._search.clear()
        self.show_page(link.toString().removesuffix(".md"))


def _set_type(document: QTextDocument) -> None:
    """Give lines room, and the heading a size that suits a window."""
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        form = block.blockFormat()
        form.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if form.headingLevel():
            form.setBottomMargin(_PARAGRAPH_PX)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            letters = QTextCharFormat()
            letters.setProperty(QTextFormat.Property.FontSizeAdjustment, 1)
            cursor.mergeCharFormat(letters)
        cursor.setBlockFormat(form)
        block = block.next()
