"""The dialog about the program, its text for reports, and the licences."""

import json
import platform
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
from stand_ins import FakeEngine, ecg
from waiting import wait_until

from ecgview import DISCLAIMER, __version__, licences, paths
from ecgview.engine.cards import ModelCard, list_models
from ecgview.gui.about import AboutDialog
from ecgview.gui.about_facts import NO_NETWORK, model_lines, report_text
from ecgview.gui.about_licences import LicencesDialog
from ecgview.gui.app import THEMES, dress, enlarged, make_window
from ecgview.gui.settings import Settings
from ecgview.gui.state import OpenFile, SessionState


@pytest.fixture
def window(qapp):
    made = make_window(Settings.forgetful(), FakeEngine().backend)
    yield made
    made.close()
    made.deleteLater()


def words_of(dialog):
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_about_says_versions_wording_thanks_and_no_network(window):
    window.commands.show_about()
    words = words_of(window.findChild(AboutDialog))
    for said in (__version__, "version 1, weights abababab", DISCLAIMER, NO_NETWORK):
        assert said in words
    for thanked in ("Wagner", "CC BY 4.0", "Challenge 2011", "ODC-By", "Gradowski"):
        assert thanked in words


def test_the_device_is_told_as_soon_as_it_is_known(window):
    window.commands.show_about()
    about = window.findChild(AboutDialog)
    assert "The engine is not loaded yet." in words_of(about)
    window.session.start_engine()
    wait_until(lambda: bool(window.session.state.devices))
    assert "CPU: no GPU was found." in words_of(about)


def test_about_says_where_settings_are_kept_or_why_not(qapp, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    for place, said in (("s.ini", str(tmp_path)), ("file/s.ini", "Settings cannot be kept: ")):
        window = make_window(Settings.in_file(tmp_path / place), FakeEngine().backend)
        window.commands.show_about()
        assert said in words_of(window.findChild(AboutDialog))
        window.close()
        window.deleteLater()


def test_no_line_is_cut_off_with_text_at_200_percent(window):
    window.session.update(models=tuple(list_models()))
    dress(window, enlarged(THEMES["light"], 200))
    window.commands.show_about()
    shown = [label for label in window.findChild(AboutDialog).findChildren(QLabel) if label.text()]
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    cut = [one.text() for one in shown if one.height() < one.heightForWidth(one.width())]
    dress(window, THEMES["light"])
    assert len(shown) > 10
    assert cut == []


def test_the_bundled_models_have_a_version():
    lines = model_lines(SessionState(models=tuple(list_models())))
    bundled = [line for line in lines if "anylead" in line]
    assert len(bundled) == 2
    assert all("version 1, weights " in line for line in bundled)
    assert "published transforms" in lines[-1]


def test_a_report_holds_versions_and_nothing_of_people(window, tmp_path):
    secret = ecg()
    window.session.files.add(
        [OpenFile("Doe^Jane", lambda: secret, tmp_path / "Doe^Jane.hea")], wait=True
    )
    own = ModelCard(
        "ward7-smith", "Of Smith", "", "unet", {}, 125.0, 62.5, path=tmp_path / "m.onnx"
    )
    bundled = [card for card in list_models() if card.name == "anylead"]
    window.session.update(models=(*bundled, own))
    window.commands.show_about()
    about = window.findChild(AboutDialog)
    about.copy_report()
    copied = QGuiApplication.clipboard().text()
    assert copied == report_text(window.session.state)
    for said in (f"ecgview {__version__}", platform.python_version(), "PyTorch 2", "anylead"):
        assert said in copied
    for hidden in ("Doe", "smith", str(Path.home()), str(tmp_path), platform.node()):
        assert hidden not in copied
    assert "1 of the user" in copied


def test_licences_list_what_is_installed_with_its_text(window):
    window.commands.show_about()
    window.findChild(AboutDialog).show_licences()
    dialog = window.findChild(LicencesDialog)
    titles = [dialog._list.item(row).text() for row in range(dialog._list.count())]
    assert titles[0] == f"ecgview {__version__}"
    assert titles[1].startswith("Python 3.")
    dialog._list.setCurrentRow(next(row for row, it in enumerate(titles) if it.startswith("numpy")))
    assert dialog._text.toPlainText().startswith("LICENSE.txt\n\nCopyright")
    dialog.accept()


def test_what_ecgview_needs_is_found_with_what_that_needs():
    names = {one.name.lower() for one in licences.components()}
    assert {"torch", "numpy", "wfdb", "pandas", "sympy"} <= names
    assert not {"pytest", "ruff", "mypy"} & names


def test_an_installed_application_shows_the_texts_that_it_ships(tmp_path, monkeypatch):
    for place in ("numpy/LICENSE.txt", "typing_extensions/LICENSE", "system/libx11-6/copyright"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(f"text of {place}\n", encoding="utf-8")
    facts = {
        "python": "3.12.1",
        "distributions": [{"name": "typing-extensions", "version": "4.1", "licence": "PSF-2.0"}],
        "system_packages": [{"name": "libx11-6", "version": "2:1.8", "libraries": []}],
    }
    (tmp_path / "shipped.json").write_text(json.dumps(facts), encoding="utf-8")
    monkeypatch.setattr(paths, "shipped_licences_dir", lambda: tmp_path)
    found = licences.components.__wrapped__()
    assert [(one.name, one.version, one.licence) for one in found] == [
        ("numpy", "", ""),
        ("typing_extensions", "4.1", "PSF-2.0"),
        ("system library: libx11-6", "2:1.8", ""),
    ]
    assert found[0].text() == "LICENSE.txt\n\ntext of numpy/LICENSE.txt"


def test_only_an_installed_application_has_a_folder_of_licences(tmp_path, monkeypatch):
    (tmp_path / "licences").mkdir()
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "ecgview")
    assert paths.shipped_licences_dir() is None
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert paths.shipped_licences_dir() == tmp_path / "licences"


def test_a_package_without_a_text_says_so():
    bare = licences.Component("odd", "1", "MIT", ())
    assert "without the text" in bare.text()
