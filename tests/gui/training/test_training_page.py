from dataclasses import replace

import pytest
from courses import run
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QListWidget, QPushButton
from scripted import EPOCHS, ScriptedEngine, session_of, training_window, with_data
from stand_ins import ecg, settle, show
from waiting import wait_until

from ecgview.engine.cards import ModelCard, write_card
from ecgview.engine.runs import list_runs, write_run
from ecgview.errors import DatasetError, TrainingError
from ecgview.gui.training.questions import LeaveQuestion
from ecgview.gui.training.run_list import second_line


@pytest.fixture
def engine():
    return ScriptedEngine()


@pytest.fixture
def window(qapp, tmp_path, engine):
    with training_window(tmp_path, engine) as made:
        yield made


def child(parent, kind, name):
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def press(parent, name):
    QTest.mouseClick(child(parent, QPushButton, name), Qt.MouseButton.LeftButton)


def text(window, name):
    return child(window, QLabel, name).text()


def answer(window, name):
    """Give an answer to the question that is open."""
    dialogs = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    assert len(dialogs) == 1
    press(dialogs[0], f"answer-{name}")


def ended(session):
    wait_until(lambda: not session.state.is_training)


def begin(window, tmp_path, engine, *, epochs=1):
    """Start a held run and let it get through some epochs."""
    engine.held = True
    session = with_data(window, tmp_path)
    press(window, "start-training")
    for _ in range(epochs):
        engine.free.release()
    wait_until(lambda: len(session.state.course.history) == epochs)
    return session


# The page in the window


def test_the_switcher_shows_the_page_and_brings_the_viewer_back(window):
    page = window.training.page
    assert page.isVisible()
    press(window, "page-viewer")
    assert not page.isVisible()
    assert window.start_page.isVisible()
    press(window, "page-training")
    assert page.isVisible()


def test_opening_a_file_goes_to_the_viewer(window):
    show(window, ecg())
    assert window.session.state.page == "viewer"
    assert window.trace_area.isVisible()


def test_keys_of_the_viewer_rest_on_the_training_page(window):
    show(window, ecg())
    window.session.update(page="training")
    before = window.session.state.view
    for key in (Qt.Key.Key_2, Qt.Key.Key_S, Qt.Key.Key_T):
        QTest.keyClick(window, key)
    assert window.session.state.view == before
    window.session.update(page="viewer")
    QTest.keyClick(window, Qt.Key.Key_2)
    assert window.session.state.view.layout == "12x1"


def test_a_dropped_folder_becomes_the_data(window, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    window.dropEvent(
        QDropEvent(
            QPointF(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip
    session = session_of(window)
    wait_until(lambda: session.state.summary is not None)
    assert session.state.folders == (tmp_path,)
    assert window.session.state.page == "training"


# Data


def test_what_was_found_is_told_and_the_folder_remembered(window, tmp_path):
    with_data(window, tmp_path)
    assert text(window, "data-found") == "90 recordings of 80 patients"
    assert text(window, "fold-use") == "Train on 1-7 (70), validate on 8 (10)"
    assert window.settings.recent_data() == (tmp_path,)
    assert child(window, QPushButton, "fold-7").property("chip") == "measured"
    assert child(window, QPushButton, "fold-8").property("chip") == "derived"
    press(window, "fold-9")
    assert text(window, "fold-use") == "Train on 1-7, 9 (80), validate on 8 (10)"


def test_a_folder_without_recordings_is_told_in_place(window, tmp_path):
    with_data(window, tmp_path / "empty")
    assert "No recording was found." in text(window, "data-problem")
    assert not child(window, QPushButton, "start-training").isEnabled()


# Form


def test_a_wrong_value_is_marked_while_typing_and_can_be_reset(window, tmp_path):
    with_data(window, tmp_path)
    field, start = (
        child(window, QLineEdit, "field-epochs"),
        child(window, QPushButton, "start-training"),
    )
    assert start.isEnabled()
    field.selectAll()
    QTest.keyClicks(field, "0")
    assert "between 1 and 10000" in text(window, "message-epochs")
    assert field.property("wrong")
    assert not start.isEnabled()
    assert "1 field needs another value" in text(window, "estimate")
    press(window, "reset-epochs")
    assert field.text() == "120"
    assert not child(window, QLabel, "message-epochs").isVisible()
    assert start.isEnabled()


def test_digits_typed_into_a_field_are_no_shortcuts(window, tmp_path):
    show(window, ecg())
    window.session.update(page="training")
    field = child(window, QLineEdit, "field-epochs")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "12")
    assert field.text() == "12"
    assert window.session.state.view.layout == "3x4+1"


def test_rarer_parameters_wait_behind_more_unless_they_are_wrong(window, tmp_path):
    with_data(window, tmp_path)
    assert not child(window, QLineEdit, "field-seed").isVisible()
    press(window, "more-parameters")
    assert child(window, QLineEdit, "field-seed").isVisible()
    press(window, "more-parameters")
    assert not child(window, QLineEdit, "field-seed").isVisible()


def choose_paper(window):
    recipes = child(window, QComboBox, "recipe")
    recipes.setCurrentIndex(recipes.findData("gradowski2025"))
    recipes.activated.emit(recipes.currentIndex())


def test_the_recipe_brings_its_own_parameters_and_leads(window, tmp_path):
    with_data(window, tmp_path)
    assert "Any set" in text(window, "lead-choice")
    choose_paper(window)
    assert child(window, QLineEdit, "field-epochs").text() == "100"
    assert window.findChild(QLineEdit, "field-gain_jitter") is None
    assert text(window, "lead-choice") == "Learns to rebuild V1, V2, V3, V4, V5, V6"
    press(window, "training-chip-V2")
    assert text(window, "lead-choice") == "Learns to rebuild V1, V3, V4, V5, V6"
    for lead in ("I", "II", "V2"):
        press(window, f"training-chip-{lead}")
    assert "at least one lead" in text(window, "message-leads")
    press(window, "reset-leads")
    assert session_of(window).problems == {}


# A run


def test_start_asks_for_what_the_form_says(window, tmp_path, engine, runs_dir):
    session = with_data(window, tmp_path)
    choose_paper(window)
    press(window, "training-chip-V4")
    press(window, "fold-9")
    press(window, "start-training")
    ended(session)
    wanted = engine.wanted[0]
    assert wanted.recipe == "gradowski2025"
    assert wanted.parameters.leads == ("I", "II", "V4")
    assert (wanted.folds, wanted.validation_folds) == ((1, 2, 3, 4, 5, 6, 7, 9), (8,))
    assert wanted.data_dirs == (tmp_path,)
    assert wanted.name == "gradowski2025-I-II-V4"
    assert wanted.output.parent == runs_dir
    assert wanted.output.name.startswith("gradowski2025-I-II-V4-20")
    assert engine.generators_closed == 1


def test_signals_come_in_order_and_no_epoch_is_lost(window, tmp_path):
    session = with_data(window, tmp_path)
    seen = []
    session.course_changed.connect(
        lambda: seen.append((session.state.course.phase, len(session.state.course.history)))
    )
    finished = QSignalSpy(session.ended)
    press(window, "start-training")
    ended(session)
    assert finished.count() == 1
    assert list(dict.fromkeys(seen)) == [
        ("preparing", 0), ("training", 0), ("training", 1), ("training", 2), ("training", 3),
        ("ended", 3),
    ]  # fmt: skip


def test_while_training_the_page_shows_how_it_goes(window, tmp_path, engine):
    session = begin(window, tmp_path, engine, epochs=2)
    wait_until(lambda: session.state.course.batch is not None)
    assert text(window, "run-status") == "Epoch 3 of 3 · 10 s left"
    assert "40 windows/s" in text(window, "run-subtitle")
    assert "2 left out" in text(window, "run-subtitle")
    assert text(window, "run-caption").endswith("best epoch 2")
    assert text(window, "example-title").startswith("recording-2, not trained on")
    assert child(window, QPushButton, "page-training").text() == "Training · 83 %"
    assert not child(window, QPushButton, "start-training").isEnabled()
    assert not child(window, QPushButton, "demonstration").isEnabled()
    assert child(window, QPushButton, "stop-and-keep").isVisible()
    assert not child(window, QPushButton, "use-in-viewer").isVisible()


def test_the_viewer_works_while_a_network_is_trained(window, tmp_path, engine):
    session = begin(window, tmp_path, engine)
    show(window, ecg())
    assert window.session.state.reconstruction is not None
    press(window, "chip-V5")
    settle(window)
    assert engine.asked[-1] == ("I", "II", "V2", "V5")
    assert session.state.is_training


def test_an_earlier_epoch_can_be_looked_at(window, tmp_path, engine):
    begin(window, tmp_path, engine, epochs=2)
    window.training.page.course.look_at(1)
    assert text(window, "example-title").startswith("recording-1,")
    engine.free.release()
    ended(session_of(window))
    assert text(window, "example-title").startswith("recording-1,")
    window.training.page.course.look_at(0)
    assert text(window, "example-title").startswith(f"recording-{EPOCHS},")


def test_stop_and_keep_leaves_the_model_in_the_menu(window, tmp_path, engine, runs_dir):
    session = begin(window, tmp_path, engine)
    press(window, "stop-and-keep")
    ended(session)
    kept = list_runs(runs_dir)
    assert [(found.state, len(found.history)) for found in kept] == [("stopped", 1)]
    assert kept[0].weights.is_file()
    assert kept[0].name in [card.name for card in window.session.state.models]
    assert text(window, "run-status") == f"Stopped by hand, kept · 1 of {EPOCHS} epochs"


def test_cancel_and_discard_asks_and_deletes(window, tmp_path, engine, runs_dir):
    session = begin(window, tmp_path, engine)
    press(window, "cancel-and-discard")
    answer(window, "stay")
    assert session.state.is_training
    press(window, "cancel-and-discard")
    answer(window, "discard")
    ended(session)
    assert list(runs_dir.iterdir()) == []
    assert session.state.course is None
    assert engine.generators_closed == 1
    assert window.training.page.invitation.isVisible()
    assert len(window.session.state.models) == 2


def test_a_run_that_fails_says_why_and_keeps_what_there_is(window, tmp_path, engine, runs_dir):
    engine.training_error = TrainingError("The loss is no longer a number.", "Lower the rate.")
    session = with_data(window, tmp_path)
    press(window, "start-training")
    ended(session)
    assert text(window, "run-status") == "The loss is no longer a number. Lower the rate."
    assert window.problem_banner.isVisible()
    assert len(list_runs(runs_dir)) == 1
    assert child(window, QPushButton, "start-training").isEnabled()


def test_a_run_that_fails_before_it_begins_can_be_put_away(window, tmp_path, engine, runs_dir):
    engine.preparation_error = DatasetError("None of the recordings can be used.")
    session = with_data(window, tmp_path)
    press(window, "start-training")
    ended(session)
    assert text(window, "run-status") == "None of the recordings can be used."
    press(window, "delete-run")
    answer(window, "delete")
    assert session.state.courses == ()
    assert window.training.page.invitation.isVisible()
    assert not runs_dir.exists()


def test_the_demonstration_needs_no_data(window, engine):
    press(window, "demonstration")
    ended(session_of(window))
    wanted = engine.wanted[0]
    assert (wanted.data_dirs, wanted.name) == ((), "demonstration")
    assert wanted.limit > 0
    press(window, "demonstration")
    ended(session_of(window))
    assert engine.wanted[1].name == "demonstration-2"


# Leaving


def test_closing_asks_and_stays(window, tmp_path, engine):
    session = begin(window, tmp_path, engine)
    assert not window.close()
    assert not window.close()  # asked once
    answer(window, "stay")
    assert window.isVisible()
    assert session.state.is_training
    assert (
        window.findChild(LeaveQuestion) is None or not window.findChild(LeaveQuestion).isVisible()
    )


def test_closing_keeps_the_run(window, tmp_path, engine, runs_dir):
    begin(window, tmp_path, engine)
    window.close()
    answer(window, "keep")
    wait_until(lambda: not window.isVisible())
    assert [found.state for found in list_runs(runs_dir)] == ["stopped"]


def test_closing_discards_the_run(window, tmp_path, engine, runs_dir):
    begin(window, tmp_path, engine)
    window.close()
    answer(window, "discard")
    wait_until(lambda: not window.isVisible())
    assert list_runs(runs_dir) == []


def test_closing_without_a_run_asks_nothing(window):
    assert window.close()


# Finished runs


def test_use_in_viewer_chooses_the_model_and_its_leads(window, tmp_path, engine):
    show(window, ecg())
    window.session.set_available(("I", "II", "V5"))
    window.session.update(page="training")
    session = with_data(window, tmp_path)
    press(window, "start-training")
    ended(session)
    press(window, "use-in-viewer")
    settle(window)
    state = window.session.state
    assert state.page == "viewer"
    assert state.model == engine.wanted[0].name
    assert state.available == ("I", "II", "V2")
    assert engine.models[-1] == engine.wanted[0].name


@pytest.fixture
def two_runs(runs_dir):
    made = [
        run(runs_dir / name, name, epochs, base_width=width)
        for name, epochs, width in (("narrow", 2, 8), ("wide", 4, 16))
    ]
    for one in made:
        one.folder.mkdir(parents=True)
        write_run(one)
    return made


def test_runs_are_listed_with_their_best_figures(two_runs, window):
    listed = child(window, QListWidget, "run-list")
    assert listed.count() == 2
    assert {session.name for session in session_of(window).state.runs} == {"narrow", "wide"}
    course = session_of(window).state.courses[0]
    assert second_line(course) in listed.item(0).text()
    assert second_line(course).startswith("I+II+V2 · width")
    listed.item(0).setSelected(True)
    assert text(window, "run-title") == course.name
    assert text(window, "run-figure") == f"{course.best.mean_pcc:.2f}"


def test_two_runs_are_compared(two_runs, window):
    listed = child(window, QListWidget, "run-list")
    for row in (0, 1):
        listed.item(row).setSelected(True)
    comparison = window.training.page.comparison
    assert comparison.isVisible()
    table = comparison.facts.as_text()
    names = [course.name for course in session_of(window).state.shown]
    assert table.splitlines()[0] == "\t".join(["", *names])
    widths = {"narrow": "8", "wide": "16"}
    assert f"Width\t{widths[names[0]]}\t{widths[names[1]]}" in table
    assert "Learning rate" not in table


def test_a_run_is_deleted_after_a_question(two_runs, window, runs_dir):
    listed = child(window, QListWidget, "run-list")
    listed.item(0).setSelected(True)
    name = text(window, "run-title")
    press(window, "delete-run")
    answer(window, "delete")
    assert listed.count() == 1
    assert [found.name for found in list_runs(runs_dir)] == [
        {"narrow", "wide"}.difference([name]).pop()
    ]


def test_the_history_is_saved_or_it_is_said_why_not(two_runs, window, tmp_path):
    page, course = window.training.page, session_of(window).state.courses[0]
    page.save_history(course, tmp_path / "history.csv")
    lines = (tmp_path / "history.csv").read_text().splitlines()
    assert len(lines) == 1 + len(course.history)
    page.save_history(course, tmp_path / "absent" / "history.csv")
    assert window.problem_banner.isVisible()


def test_tables_are_made_from_the_chosen_folds(window, tmp_path, engine):
    session = with_data(window, tmp_path)
    press(window, "start-training")
    ended(session)
    shelf = window.training.page.shelf
    shelf.score(session.state.shown[0], (9,), tmp_path / "tables")
    assert session.state.scoring is not None
    wait_until(lambda: session.state.scoring is None)
    assert engine.scored == [(engine.wanted[0].name, (9,), tmp_path / "tables")]


def test_details_stand_behind_the_example(window, tmp_path, engine):
    begin(window, tmp_path, engine)
    course_view = window.training.page.course
    assert course_view.example.paper.isVisible()
    press(window, "lower-details")
    assert not course_view.example.paper.isVisible()
    engine.free.release()
    wait_until(lambda: len(session_of(window).state.course.history) == 2)
    assert not course_view.example.paper.isVisible()  # the choice stays
    press(window, "lower-example")
    assert course_view.example.paper.isVisible()


def test_the_demonstration_shows_its_parameters_in_an_untouched_form_only(window, tmp_path):
    session = with_data(window, tmp_path)
    press(window, "demonstration")
    ended(session)
    assert session.state.draft.recipe == "gradowski2025"
    assert child(window, QLineEdit, "field-base_width").text() == "8"
    press(window, "reset-all")
    field = child(window, QLineEdit, "field-seed")
    press(window, "more-parameters")
    QTest.keyClicks(field, "3")
    press(window, "demonstration")
    ended(session)
    assert dict(session.state.draft.texts) == {"seed": "13"}


def test_enter_never_destroys_anything(window, tmp_path, engine):
    session = begin(window, tmp_path, engine)
    press(window, "cancel-and-discard")
    dialog = next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert session.state.course.phase == "training"


# Going on


def interrupted(window, folder, command="ecgview train --demo"):
    """Put a run that was killed after two epochs on disk, and select it."""
    folder.mkdir(parents=True)
    killed = replace(run(folder, "killed", 2), state="running")
    killed.last.write_bytes(b"state")
    killed.weights.write_bytes(b"weights")
    write_card(
        ModelCard(
            "killed", "Killed", "", "lead-set-unet", {}, 125.0, 62.5, path=killed.weights,
            training={"command": command, "folds": [1]},
        )
    )  # fmt: skip
    write_run(killed)
    session = session_of(window)
    window.session.load_models()
    session.refresh_runs()
    session.select([killed.file])
    return killed


def test_an_interrupted_run_goes_on_after_a_question(window, runs_dir, engine):
    killed = interrupted(window, runs_dir / "killed")
    assert text(window, "run-status") == "Interrupted · 2 of 5 epochs"
    press(window, "go-on")
    answer(window, "stay")
    assert engine.wanted == []
    engine.preparation_error = TrainingError("The disk is full.", "")
    press(window, "go-on")
    answer(window, "go-on")
    session = session_of(window)
    ended(session)
    (request,) = engine.wanted
    assert (request.name, request.output) == ("killed", killed.folder)
    assert request.begun_with == ("ecgview", "train", "--demo")
    # It could not even begin: the run is as it was.
    assert [len(one.history) for one in list_runs(runs_dir)] == [2]
    assert text(window, "run-status") == "Interrupted · 2 of 5 epochs"


def test_what_goes_on_and_is_cancelled_at_once_stays_on_disk(window, runs_dir, engine):
    interrupted(window, runs_dir / "killed")
    session = session_of(window)
    session.course_changed.connect(
        session.cancel_and_discard, Qt.ConnectionType.SingleShotConnection
    )
    window.training.page.shelf.go_on(session.state.shown[0], ())
    ended(session)
    assert [len(one.history) for one in list_runs(runs_dir)] == [2]
    assert (runs_dir / "killed" / "killed.last.safetensors").read_bytes() == b"state"


def test_what_the_window_cannot_go_on_with_names_the_command(window, runs_dir):
    interrupted(window, runs_dir / "killed", "ecgview study gradowski2025 --data d --output o")
    button = child(window, QPushButton, "go-on")
    assert not button.isEnabled()
    assert "ecgview study gradowski2025 --data d --output o" in button.toolTip()
