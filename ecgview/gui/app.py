"""Start the application: the Qt application object, the theme, the window, the first files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecgview.gui.native_libraries import load_before_qt

load_before_qt()

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QSize, Qt, QTimer  # noqa: E402 (torch's DLLs come first)
from PySide6.QtGui import QGuiApplication, QIcon, QImage, QPainter  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from ecgview.errors import EcgviewError  # noqa: E402
from ecgview.gui.backend import Backend  # noqa: E402
from ecgview.gui.before_window import telling_why  # noqa: E402
from ecgview.gui.main_window import FIRST_SIZE_PX, MainWindow  # noqa: E402
from ecgview.gui.memory import remembered_state  # noqa: E402
from ecgview.gui.problems import Problems  # noqa: E402
from ecgview.gui.session import Session  # noqa: E402
from ecgview.gui.settings import Settings  # noqa: E402
from ecgview.gui.start_files import StartFiles, open_at_start  # noqa: E402
from ecgview.gui.state import OpenFile  # noqa: E402
from ecgview.gui.system_files import Application, leave_the_root, take_system_files  # noqa: E402
from ecgview.gui.text_size import enlarged, set_scale  # noqa: E402
from ecgview.gui.theme import THEMES, Theme, palette, style_sheet, theme_for  # noqa: E402
from ecgview.gui.widgets import resize_to_fit  # noqa: E402
from ecgview.leads import in_order  # noqa: E402
from ecgview.paths import resources_dir  # noqa: E402
from ecgview.recording import Recording  # noqa: E402

if TYPE_CHECKING:
    from ecgview.engine.metrics import Agreement


def make_application() -> QApplication:
    """Give the application object, dressed; made if there is none yet."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else Application(sys.argv[:1])
    application.setApplicationName("ecgview")
    application.setOrganizationName("ecgview")
    application.setApplicationDisplayName("ecgview")
    # The menu entry that packages for Linux install: docks take name and icon from it.
    application.setDesktopFileName("org.ecgview.ecgview")
    if not (sys.platform == "darwin" and getattr(sys, "frozen", False)):
        application.setWindowIcon(_window_icon())  # there the Dock has the bundle's, with margins
    application.setStyle("Fusion")
    return application


def _window_icon() -> QIcon:
    icons = resources_dir() / "icons"
    icon = QIcon(str(icons / "ecgview.svg"))
    # On the 16 pixels of a title bar its thin lines blur.
    icon.addPixmap(QIcon(str(icons / "ecgview-small.svg")).pixmap(16, 16))
    return icon


def chosen_theme(choice: str) -> Theme:
    """Give the theme of a choice; see `theme.THEME_TITLES`."""
    hints = QGuiApplication.styleHints()
    contrast = hints.accessibility().contrastPreference()
    wants_contrast = contrast == Qt.ContrastPreference.HighContrast
    return THEMES.get(choice) or theme_for(hints.colorScheme(), high_contrast=wants_contrast)


def dress(window: MainWindow, theme: Theme) -> None:
    """Put the application and the window into a theme."""
    application, sheet = QApplication.instance(), style_sheet(theme)
    assert isinstance(application, QApplication)
    set_scale(theme.text_scale)
    application.setPalette(palette(theme))
    if application.styleSheet() != sheet:
        # Every widget is polished anew, which takes longer than to build them all.
        application.setStyleSheet(sheet)
    window.set_theme(theme)


def _follow_theme(window: MainWindow) -> None:
    """Dress the window now, and whenever the choice or the system's scheme changes."""

    def apply() -> None:
        state = window.session.state
        dress(window, enlarged(chosen_theme(state.theme), state.text_size))

    window.session.theme_changed.connect(apply)
    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.connect(apply)
    hints.accessibility().contrastPreferenceChanged.connect(apply)
    apply()


def make_window(
    settings: Settings, backend: Backend | None = None, problems: Problems | None = None
) -> MainWindow:
    """Build the window with its session; nothing is shown yet.

    Parameters
    ----------
    settings : Settings
        What the last run left.
    backend : Backend, optional
        The engine; the installed one by default.
    problems : Problems, optional
        Where errors are told.

    Returns
    -------
    MainWindow
        Its engine starts after its first paint, and after that of a file which is read meanwhile.
    """
    session = Session(backend, remembered_state(settings))
    window = MainWindow(session, settings, problems or Problems())
    session.setParent(window)
    session.load_models(settings["model/name"])
    # A timer of no length fires when the paint has reached the screen.
    window.painted.connect(lambda: QTimer.singleShot(0, session, lambda: _start_engine(session)))
    return window


def _start_engine(session: Session) -> None:
    """Start the engine; where a file is being read, once that is shown: loading would slow it."""
    if session.state.opening is None:
        session.start_engine()
        return

    def go_on() -> None:
        if session.state.opening is None:
            session.opening_changed.disconnect(go_on)
            QTimer.singleShot(0, session, session.start_engine)

    session.opening_changed.connect(go_on)


def run(
    paths: Sequence[str],
    *,
    import_options: Any = None,
    recording: Recording | None = None,
    demo: tuple[str, int] | None = None,
    available: Sequence[str] = (),
    tell: Callable[[EcgviewError], object] = str,
) -> int:
    """Show the window until it is closed.

    Parameters
    ----------
    paths : sequence of str
        Files and folders to open, or a session file.
    import_options : ImportOptions, optional
        For text files among them.
    recording : Recording, optional
        A recording in memory to show, such as a simulated one.
    demo : tuple of str and int, optional
        Case and seed of a simulated one, to make it again.
    available : sequence of str
        Leads to begin with; the usual choice if not given.
    tell : callable, optional
        Given, besides the window, each reason why a named file does not open.

    Returns
    -------
    int
        The exit status: 1 if files were named and none of them was ever shown.
    """
    with telling_why(tell):
        application = make_application()
    problems = Problems()
    restore_hooks = problems.install_hooks()
    settings = Settings.of_user()
    window = make_window(settings, problems=problems)
    _follow_theme(window)
    take_system_files(window)
    window.session.update(wanted=in_order(available))
    if recording is not None:
        entry = OpenFile(recording.name, lambda: recording, demo=demo)
        window.session.files.add([entry], wait=True)
    if not paths:
        leave_the_root()
    files = [Path(path) for path in paths]
    start = StartFiles(window.session, files, tell)
    if not window.commands.keeping.takes(files):
        open_at_start(window.session, files, import_options)
    if not settings["window/geometry"]:
        resize_to_fit(window, *FIRST_SIZE_PX)
    window.show()
    if settings.trouble:
        window.say(settings.trouble)
    try:
        return application.exec() or int(not start.have_opened)
    finally:
        restore_hooks()


def render_window(
    recording: Recording,
    available: Sequence[str],
    output_png: Path,
    *,
    path: Path | None = None,
    size: tuple[int, int] = (1440, 900),
    scale: float = 1.0,
    theme: str = "light",
    clean: bool = False,
    settings: Settings | None = None,
    backend: Backend | None = None,
    timeout_s: float = 120.0,
) -> Agreement:
    """Draw the window with a reconstruction into a picture, without showing it.

    Parameters
    ----------
    recording, available : Recording, sequence of str
        What to show, and the leads the model is given.
    output_png : Path
        The picture.
    path : Path, optional
        The file that the recording was read from, for the title.
    size, scale : tuple of int, float
        Width and height in logical pixels; pixels of the picture per logical pixel.
    theme, clean : str, bool
        One of `theme.THEMES`; whether the comparison is high-passed at 0.5 Hz.
    settings, backend : Settings, Backend, optional
        The defaults and the installed engine if not given; no settings are written.
    timeout_s : float
        How long to wait for the reconstruction.

    Returns
    -------
    Agreement
        What the picture's table shows.

    Raises
    ------
    EcgviewError
        If the reconstruction fails or takes too long, or the picture cannot be written.
    """
    do_without_display()
    make_application()
    window = make_window(settings or Settings.forgetful(), backend)
    try:
        dress(window, THEMES[theme])
        window.resize(QSize(*size))
        # Shown to Qt only, so that everything is laid out as on a screen.
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.show()
        entry = OpenFile(recording.name, lambda: recording, path)
        agreement = _reconstruct_now(window.session, entry, available, clean, timeout_s)
        _grab(window, output_png, scale)
        return agreement
    finally:
        window.session.close()
        window.hide()
        window.deleteLater()


def do_without_display() -> None:
    """Let Qt draw into memory, where it begins now: it would abort without a screen that works."""
    if sys.platform == "linux" and QApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM") or "offscreen"


def _reconstruct_now(
    session: Session,
    entry: OpenFile,
    available: Sequence[str],
    clean: bool,
    timeout_s: float,
) -> Agreement:
    """Show a recording and wait for its reconstruction."""
    failures: list[BaseException] = []
    session.problem.connect(lambda error, details: failures.append(error))
    session.update(wanted=in_order(available), clean=clean)
    waiting = QEventLoop()
    session.settled.connect(waiting.quit)
    QTimer.singleShot(round(timeout_s * 1000), waiting, waiting.quit)
    session.files.add([entry], wait=True)
    session.start_engine()
    if session.state.busy:  # leads that the model does not take are refused at once
        waiting.exec()
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    if failures:
        raise failures[0]
    if session.state.agreement is None:
        why = session.state.failure or f"It took more than {timeout_s:g} s."
        raise EcgviewError(f"{entry.name} was not reconstructed.", why)
    return session.state.agreement


def _grab(window: MainWindow, output_png: Path, scale: float) -> None:
    picture = QImage(window.size() * scale, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(scale)
    painter = QPainter(picture)
    window.render(painter, QPoint())
    painter.end()
    if not picture.save(str(output_png), "PNG"):  # type: ignore[call-overload]
        raise EcgviewError(f"{output_png} cannot be written.", "Choose another folder.")
