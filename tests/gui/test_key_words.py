"""Keys in sentences as each system writes them."""

import re

import pytest

from ecgview.gui.actions import ACTIONS
from ecgview.gui.guide.pages import guide_pages
from ecgview.gui.key_words import with_keys
from ecgview.gui.shortcuts import ON_THE_PAPER


@pytest.mark.parametrize(
    ("text", "on_a_mac"),
    [
        ("Rebuild what is shown (Ctrl+R)", "Rebuild what is shown (⌘R)"),
        ("Stop (Ctrl+.)", "Stop (⌘.)"),
        ("without it (Ctrl+Alt+Shift+G)", "without it (⌥⇧⌘G)"),
        ("Next step (R, Ctrl+Right)", "Next step (R, ⌘→)"),
        ("Ctrl+Return", "⌘↩"),
        ("Ctrl + wheel", "⌘ + wheel"),
        ("compare them (Ctrl-click).", "compare them (⌘-click)."),
        ("dragging with Ctrl+Alt takes the traces", "dragging with ⌥⌘ takes the traces"),
        ("Ctrl+Left back", "⌘← back"),
        ("Shift work of Alt & Co.edf", "Shift work of Alt & Co.edf"),
        ("Alternate leads", "Alternate leads"),
    ],
)
def test_macos_has_signs_and_other_systems_words(text, on_a_mac):
    assert with_keys(text, "darwin") == on_a_mac
    assert with_keys(text, "linux") == with_keys(text, "win32") == text


def test_no_text_of_the_window_keeps_a_word_that_macos_has_not():
    texts = [keys for keys, _ in ON_THE_PAPER]
    texts += [page.markdown for page in guide_pages()]
    texts += [key for spec in ACTIONS for key in spec.shortcuts]
    assert texts
    assert not [text for text in texts if re.search(r"\bCtrl\b", with_keys(text, "darwin"))]
