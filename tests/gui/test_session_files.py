import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from stand_ins import FakeEngine, ecg, main_window, settle, show
from waiting import wait_until

from ecgview.cli import main
from ecgview.formats import save_recording
from ecgview.gui.keeping import view_for
from ecgview.gui.main_window import MainWindow
from ecgview.gui.measuring.state import Caliper
from ecgview.gui.session_file import (
    SavedFile,
    SavedSession,
    SessionError,
    as_document,
    write_session,
)
from ecgview.gui.session_places import find_file
from ecgview.gui.session_reading import from_document, read_session
from ecgview.gui.settings import Settings
from ecgview.gui.viewer.loops import LoopsState
from ecgview.gui.viewer.state import PAGE_MM, ViewState
from ecgview.leads import LEADS
from ecgview.record_facts import ImportOptions
from ecgview.signals.filtering import Filters


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def window(qapp, tmp_path, engine):
    with main_window(tmp_path, engine) as made:
        yield made


def written(folder, name, leads=LEADS, gain=1.0):
    folder.mkdir(exist_ok=True)
    recording = ecg(name, leads, duration_s=20.0)
    signals_mv = recording.read(leads) * gain
    return save_recording(name, signals_mv, 100.0, folder, format="wfdb", leads=leads)


def quiet(window):
    settle(window)
    wait_until(lambda: not window.session.state.comparing)


def save(window, path):
    window.commands.keeping.save_to(path)
    wait_until(path.exists)
    quiet(window)


def reopen(window, path):
    """Open a session and wait until its recording is shown, or until it is refused."""
    before = window.session.state.recording
    window.commands.open_paths([path])
    wait_until(
        lambda: window.session.state.recording is not before or window.problem_banner.isVisible()
    )
    quiet(window)


SAVED = SavedSession(
    files=(
        SavedFile(options=ImportOptions(rate_hz=250.0, leads=("I", "II"), gains=(1.0, -1.0))),
        SavedFile(demo=("lbbb", 3)),
    ),
    shown=1,
    leads=("I", "V2"),
    model="second",
    clean=True,
    filter_input=True,
    view=ViewState(
        layout="12x1", speed_mm_s=50.0, start_s=3.5, mark_s=(4.0, 5.0), zoom=2.0,
        scroll_mm=(3.0, 4.0), rhythm=("V1", "II", "V5"), filters=Filters(0.5, 40.0, 50.0, True),
    ),
    loops=LoopsState(True, "kors", 4),
    chosen="mine",
    calipers=(Caliper(1.0, 1.4, "V2", -0.1, 0.9, marches=True), Caliper(2.0, 3.0)),
    page="training",
    side="record",
)  # fmt: skip


def test_a_document_comes_back_as_it_was(tmp_path):
    files = (
        replace(SAVED.files[0], path=tmp_path / "a.csv", relative="a.csv", size=3),
        SAVED.files[1],
    )
    saved = replace(SAVED, files=files, estimates=(SavedFile(tmp_path / "e.hea", "e.hea"),))
    through_json = json.loads(json.dumps(as_document(saved)))
    assert from_document(through_json, "x") == (saved, ())


def test_time_on_the_page_comes_back_as_far_as_the_recording_has_it():
    hour = ViewState(speed_mm_s=PAGE_MM / 3600)
    saved, not_understood = from_document(as_document(SavedSession(view=hour)), "x")
    assert (saved.view, not_understood) == (hour, ())
    assert view_for(saved.view, ViewState(), 86400.0).page_s == pytest.approx(3600)
    assert view_for(saved.view, ViewState(), 600.0).page_s == pytest.approx(600)


def test_a_name_that_no_file_can_have_is_missing(tmp_path):
    place, remark = find_file(SavedFile(Path("a\ud800.csv"), beginning="0"), tmp_path / "x.ecgview")
    assert place is None
    assert "missing" in remark.message


def test_what_belongs_to_the_screen_is_not_kept():
    document = as_document(SavedSession(view=ViewState(px_per_mm=7.0)))
    assert "px_per_mm" not in document["view"]
    assert set(document) == {
        "format", "version", "written_by", "files", "shown", "leads", "model", "clean",
        "filter_input", "view", "loops", "estimates", "chosen", "calipers", "page", "side",
        "calibrated_from", "calibrated_s",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("shown", 7, "shown"),
        ("shown", True, "shown"),
        ("leads", ["I", "V9"], "leads"),
        ("leads", ["I", {}], "leads"),
        ("clean", 1, "clean"),
        ("loops", {"dots_ms": -1}, "loops dots_ms"),
        ("view", [], "view"),
        ("view", {"layout": "5x5"}, "view layout"),
        ("view", {"layout": ["3x4"]}, "view layout"),
        ("view", {"speed_mm_s": float("nan")}, "view speed_mm_s"),
        ("view", {"zoom": 0}, "view zoom"),
        ("view", {"speed_mm_s": 0}, "view speed_mm_s"),
        ("view", {"rhythm": "II"}, "view rhythm"),
        ("view", {"rhythm": ["II"]}, "view rhythm"),
        ("view", {"half_chest": 1}, "view half_chest"),
        ("view", {"mark_s": [3, 1]}, "view mark_s"),
        ("view", {"scroll_mm": [1]}, "view scroll_mm"),
        ("view", {"filters": "high-pass=never"}, "view filters"),
        ("files", [{"path": 3}], "files"),
        ("files", [{"path": "a\0b"}], "files"),
        ("files", [{"path": "a", "options": {"rate_hz": -1}}], "files"),
        ("files", [{"demo": "normal", "seed": "x"}], "files"),
        ("files", [{"demo": "normal", "seed": -1}], "files"),
        ("estimates", "none", "estimates"),
        ("calipers", [[1, 2, "V9", 0, 0, False]], "calipers"),
        ("calipers", [[1, 2]], "calipers"),
    ],
)
def test_what_does_not_fit_is_named_and_left_as_usual(field, value, named):
    document = {**as_document(SavedSession()), field: value}
    saved, not_understood = from_document(document, "x")
    assert not_understood == (named,)
    assert saved == SavedSession()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no session file, or it is damaged"),
        ('{"format": "ecgview session", "version"', "no session file, or it is damaged"),
        ("[1, 2]", "is no session file"),
        ('{"format": "something else", "version": 1}', "is no session file"),
        ('{"format": "ecgview session", "version": 99}', "later ecgview"),
        ('{"format": "ecgview session", "version": "1"}', "later ecgview"),
        ("[" * 100_000, "no session file, or it is damaged"),
        ("\ud800".encode("utf-8", "surrogatepass"), "no session file, or it is damaged"),
    ],
)
def test_foreign_broken_and_later_files_are_refused_in_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "x.ecgview"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SessionError, match=sentence):
        read_session(path)


# In the window


def test_recordings_leads_view_and_model_come_back(window, tmp_path, engine):
    paths = [written(tmp_path / "data", name) for name in ("a", "b")]
    window.commands.open_paths(paths)
    quiet(window)
    window.session.files.step(1)
    quiet(window)
    window.session.set_model("second")
    window.session.set_available(("II", "V5"))
    window.session.change_view(layout="12x1", start_s=4.0, mark_s=(5.0, 6.0))
    window.session.update(calipers=(Caliper(5.0, 5.8), Caliper(4.0, 99.0)))
    window.session.set_clean(True)
    window.session.change_view(filters=Filters(high_pass_hz=0.5))
    window.session.update(side="record", filter_input=True)
    quiet(window)
    session = tmp_path / "my.ecgview"
    save(window, session)
    wait_until(lambda: session in window.settings.recent_files())

    show(window, ecg("other"))
    window.session.set_model("first")
    window.session.set_clean(False)
    window.session.change_view(layout="3x4", gain_mm_mv=20.0)
    quiet(window)
    reopen(window, session)
    state = window.session.state
    assert [file.path for file in state.files] == paths
    assert (state.recording.name, state.index) == ("b", 1)
    assert (state.available, state.model, state.clean) == (("II", "V5"), "second", True)
    view = state.view
    assert (view.layout, view.gain_mm_mv) == ("12x1", 10.0)
    assert (view.filters, state.model_filters) == (Filters(high_pass_hz=0.5),) * 2
    assert (view.start_s, view.mark_s, state.side) == (4.0, (5.0, 6.0), "record")
    assert state.calipers == (Caliper(5.0, 5.8),)  # the other lies beyond the end
    assert (engine.asked[-1], engine.models[-1]) == (("II", "V5"), "second")
    assert state.reconstruction.available == ("II", "V5")
    assert not state.undo
    assert not window.problem_banner.isVisible()
    assert window.trace_area.view().start_s == 4.0


@pytest.mark.real_data
def test_real_recordings_come_back_with_their_leads(window, tmp_path, data_dir, engine):
    paths = sorted(data_dir.glob("ptb-xl/**/*_hr.hea"))[:3]
    assert len(paths) == 3
    window.commands.open_paths(paths)
    quiet(window)
    window.session.files.step(1)
    quiet(window)
    window.session.set_available(("I", "V3"))
    quiet(window)
    figures = [row.rmse_uv for row in window.session.state.agreement.rows]
    save(window, tmp_path / "x.ecgview")
    show(window, ecg("other"))
    reopen(window, tmp_path / "x.ecgview")
    state = window.session.state
    assert (state.recording.path, state.available) == (paths[1], ("I", "V3"))
    assert [row.rmse_uv for row in state.agreement.rows] == figures
    assert not window.problem_banner.isVisible()


def test_a_session_moved_with_its_recordings_opens_and_says_so(window, tmp_path):
    window.commands.open_paths([written(tmp_path / "data", "a")])
    quiet(window)
    save(window, tmp_path / "x.ecgview")
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    shutil.move(tmp_path / "data", moved / "data")
    shutil.move(tmp_path / "x.ecgview", moved)
    show(window, ecg("other"))
    reopen(window, moved / "x.ecgview")
    assert window.session.state.recording.path == moved / "data" / "a.hea"
    assert "a.hea has moved" in window.problem_banner.text


def test_what_is_gone_and_what_has_changed_is_said_and_the_rest_opens(window, tmp_path):
    paths = [written(tmp_path / "data", name) for name in ("a", "b", "c")]
    window.commands.open_paths(paths)
    quiet(window)
    save(window, tmp_path / "x.ecgview")
    for file in (tmp_path / "data").glob("a.*"):
        file.unlink()
    header = paths[1].read_text(encoding="utf-8")
    paths[1].write_text(f"{header}# written again\n", encoding="utf-8")
    show(window, ecg("other"))
    reopen(window, tmp_path / "x.ecgview")
    assert [file.name for file in window.session.state.files] == ["b", "c"]
    assert window.session.state.recording.name == "b"
    said = window.problem_banner.text
    assert "a.hea is missing." in said
    assert "b.hea is not the file it was" in said


def test_nothing_is_lost_where_a_session_cannot_be_opened(window, tmp_path):
    path = written(tmp_path / "data", "a")
    window.commands.open_paths([path])
    quiet(window)
    gone = tmp_path / "gone.ecgview"
    save(window, gone)
    for file in (tmp_path / "data").glob("a.*"):
        file.unlink()
    broken = tmp_path / "broken.ecgview"
    broken.write_text("{", encoding="utf-8")
    show(window, ecg("other"))
    for session, sentence in ((broken, "no session file"), (gone, "None of the recordings")):
        reopen(window, session)
        assert sentence in window.problem_banner.text
        assert window.session.state.recording.name == "other"
        assert window.session.state.reconstruction is not None
    assert "a.hea is missing" in window.problem_banner.text


def test_what_is_open_stays_as_it_is_where_a_recording_of_the_session_cannot_be_read(
    window, tmp_path
):
    path = written(tmp_path / "data", "a")
    window.commands.open_paths([path])
    quiet(window)
    window.session.set_model("second")
    save(window, tmp_path / "x.ecgview")
    window.session.files.close_shown()
    for file in (tmp_path / "data").glob("a.*"):
        if file != path:
            file.unlink()
    show(window, ecg("one"), ecg("two"))
    window.session.set_model("first")
    window.session.update(calipers=(Caliper(1.0, 2.0),))
    quiet(window)
    before = window.session.state
    reopen(window, tmp_path / "x.ecgview")
    state = window.session.state
    assert state.recording is before.recording
    assert (state.files, state.index) == (before.files, before.index)
    assert (state.model, state.calipers) == ("first", before.calipers)
    assert state.undo == "caliper"


def test_what_the_user_said_of_a_file_comes_back(window, tmp_path):
    path = tmp_path / "plain.csv"
    rows = "\n".join(f"{n % 7 / 10},{n % 5 / 10}" for n in range(4000))
    path.write_text(f"I (mV),II (mV)\n{rows}\n", encoding="utf-8")
    window.session.files.open([path], ImportOptions(rate_hz=200.0))
    quiet(window)
    save(window, tmp_path / "x.ecgview")
    show(window, ecg("other"))
    reopen(window, tmp_path / "x.ecgview")
    assert window.session.state.recording.fs_hz == 200.0


def test_a_simulated_recording_is_simulated_again(window, tmp_path):
    window.commands.open_demo("rbbb")
    quiet(window)
    before = window.session.state.recording.read(("V1",))
    save(window, tmp_path / "x.ecgview")
    show(window, ecg("other"))
    reopen(window, tmp_path / "x.ecgview")
    recording = window.session.state.recording
    assert recording.simulated
    assert (recording.read(("V1",)) == before).all()


def test_estimates_come_back_with_the_one_that_was_chosen(window, tmp_path):
    true = written(tmp_path / "data", "a")
    others = [written(tmp_path / "theirs", name, gain=0.9) for name in ("one", "two")]
    window.commands.open_paths([true])
    quiet(window)
    window.session.comparisons.add(others)
    quiet(window)
    window.session.comparisons.choose("two")
    save(window, tmp_path / "x.ecgview")
    show(window, ecg("other"))
    reopen(window, tmp_path / "x.ecgview")
    wait_until(lambda: len(window.session.state.estimates) == 2)
    quiet(window)
    assert [one.name for one in window.session.state.estimates] == ["one", "two"]
    assert window.session.state.chosen == "two"


def test_a_model_that_is_not_here_is_named(window, tmp_path):
    window.commands.open_paths([written(tmp_path / "data", "a")])
    quiet(window)
    path = tmp_path / "x.ecgview"
    save(window, path)
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, "model": "theirs"}), encoding="utf-8")
    show(window, ecg("other"))
    reopen(window, path)
    assert "The model theirs of this session is not installed" in window.problem_banner.text
    assert window.session.state.model == "first"


def test_names_of_patients_and_samples_stay_out_of_the_file(window, tmp_path):
    recording = ecg("a")
    path = save_recording(
        "a", recording.read(LEADS), 100.0, tmp_path, format="wfdb", leads=LEADS,
    )  # fmt: skip
    header = path.read_text(encoding="utf-8")
    path.write_text(header + "# Name: Jane Doe\n", encoding="utf-8")
    window.commands.open_paths([path])
    quiet(window)
    session = tmp_path / "x.ecgview"
    save(window, session)
    text = session.read_text(encoding="utf-8")
    assert "Jane" not in text
    assert len(text) < 4000


def test_a_session_is_dropped_on_the_window_and_saved_from_the_menu(window, tmp_path, monkeypatch):
    window.commands.open_paths([written(tmp_path / "data", "a")])
    quiet(window)
    target = tmp_path / "named without ending"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(target), ""))
    window.actions_table["session.save"].trigger()
    session = target.with_suffix(".ecgview")
    wait_until(session.exists)
    show(window, ecg("other"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(session))])
    drop = QDropEvent(
        QPointF(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(drop)
    wait_until(lambda: window.session.state.recording.name == "a")
    quiet(window)


def test_the_command_line_opens_a_session(qapp, tmp_path, monkeypatch):
    path = tmp_path / "x.ecgview"
    write_session(path, replace(SAVED_PLAIN, leads=("V1", "V6"), shown=0))
    windows = []

    def shown(*_):
        windows.extend(one for one in qapp.topLevelWidgets() if isinstance(one, MainWindow))
        wait_until(lambda: windows[0].session.state.recording is not None)
        return 0

    monkeypatch.setattr(Settings, "of_user", lambda: Settings.in_file(tmp_path / "settings.ini"))
    monkeypatch.setattr("ecgview.cli.text.has_display", lambda: True)
    monkeypatch.setattr(QApplication, "exec", shown)
    assert main([str(path)]) == 0
    state = windows[0].session.state
    assert (state.recording.simulated, state.available) == (True, ("V1", "V6"))
    windows[0].close()
    windows[0].deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_session_that_cannot_be_written_says_why(window, tmp_path):
    window.commands.open_paths([written(tmp_path / "data", "a")])
    quiet(window)
    window.commands.keeping.save_to(tmp_path / "no" / "x.ecgview")
    wait_until(window.problem_banner.isVisible)
    assert "could not be written" in window.problem_banner.text


def test_a_reader_of_recordings_knows_a_session_for_what_it_is(tmp_path):
    from ecgview.errors import RecordingError
    from ecgview.formats import open_recording

    path = tmp_path / "x.ecgview"
    path.write_text(json.dumps(as_document(SAVED_PLAIN)), encoding="utf-8")
    with pytest.raises(RecordingError, match="a session of ecgview's window"):
        open_recording(path)


SAVED_PLAIN = SavedSession(files=(SavedFile(demo=("normal", 0)),))
