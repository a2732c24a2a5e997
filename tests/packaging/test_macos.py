"""What can be known of the application and the image for macOS without a Mac."""

from __future__ import annotations

import plistlib
import re
import runpy
import shutil
from pathlib import Path

import pytest

import file_types
import product
from ecgview.gui.settings import MAC_DOMAIN
from macos import bundle, installer
from macos.code_files import Code, code_inside, is_code, is_program, least_system, newer_than
from macos.commands import (
    ENTITLEMENTS,
    Credentials,
    Step,
    credentials,
    image_steps,
    notarising_steps,
    printed,
    signing_steps,
    trying_steps,
)

NOBODY = Credentials("-", {})
SOMEBODY = Credentials(
    "Developer ID Application: A Person (ABCDE12345)",
    {"key": "/keys/secret.p8", "key-id": "SECRETKEY1", "issuer": "secret-issuer"},
)
ENVIRONMENT = {
    "ECGVIEW_SIGNING_IDENTITY": SOMEBODY.identity,
    "ECGVIEW_NOTARY_KEY": "/keys/secret.p8",
    "ECGVIEW_NOTARY_KEY_ID": "SECRETKEY1",
    "ECGVIEW_NOTARY_ISSUER": "secret-issuer",
}


@pytest.fixture(scope="module")
def plist():
    return plistlib.loads(plistlib.dumps(bundle.info_plist()))


def declared(plist):
    return [*plist["UTExportedTypeDeclarations"], *plist["UTImportedTypeDeclarations"]]


# Info.plist


def test_the_keys_survive_their_file(plist):
    assert plist == bundle.info_plist()


def test_every_ending_is_of_one_type_that_the_application_opens(plist):
    opened = [
        name for each in plist["CFBundleDocumentTypes"] for name in each["LSItemContentTypes"]
    ]
    names = {bundle.type_name(each): each for each in file_types.FILE_TYPES}
    assert sorted(opened) == sorted([*names, "public.folder"])
    tags = {
        each["UTTypeIdentifier"]: each["UTTypeTagSpecification"]["public.filename-extension"]
        for each in declared(plist)
    }
    systems = set(bundle.SYSTEM_TYPES.values())
    assert set(tags) | systems == set(names)
    assert set(tags).isdisjoint(systems)
    endings = [f".{ending}" for each in tags.values() for ending in each]
    endings += [ending for name in systems for ending in names[name].endings]
    assert sorted(endings) == sorted(
        ending for each in file_types.FILE_TYPES for ending in each.endings
    )


def test_names_of_types_are_such_as_macos_takes(plist):
    for each in declared(plist):
        assert re.fullmatch(r"[a-z][A-Za-z0-9-]*(\.[A-Za-z0-9-]+){2,}", each["UTTypeIdentifier"])
        assert each["UTTypeIdentifier"].startswith(product.IDENTIFIER)
        assert [kind.partition(".")[0] for kind in each["UTTypeConformsTo"]] == ["public"]


def test_only_sessions_are_owned_and_other_programs_keep_their_files(plist):
    ranks = {
        each["LSItemContentTypes"][0]: each["LSHandlerRank"]
        for each in plist["CFBundleDocumentTypes"]
    }
    owned = [name for name, rank in ranks.items() if rank == "Owner"]
    proposed = [name for name, rank in ranks.items() if rank == "Default"]
    assert owned == [bundle.type_name(file_types.SESSION)]
    assert sorted(proposed) == sorted(
        bundle.type_name(each)
        for each in file_types.FILE_TYPES
        if each.proposed and each is not file_types.SESSION
    )
    assert ranks["public.xml"] == ranks["public.folder"] == "Alternate"


def test_a_program_with_a_console_has_its_place_in_the_dock(plist):
    assert plist["LSBackgroundOnly"] is False
    assert plist["NSPrincipalClass"] == "NSApplication"


def test_no_permission_is_asked_for(plist):
    assert not [key for key in plist if key.endswith("UsageDescription")]
    assert plistlib.loads(ENTITLEMENTS.read_bytes()) == {}


@pytest.mark.parametrize(
    ("version", "plain"), [("1.2.3", "1.2.3"), ("0.2", "0.2"), ("1.4.0rc1", "1.4.0")]
)
def test_versions_are_numbers(version, plain):
    assert bundle.plain_version(version) == plain


def test_the_wording_is_in_the_finder(plist):
    assert product.WORDING in plist["NSHumanReadableCopyright"]


def test_settings_are_kept_under_the_name_of_the_application():
    turned = ".".join(reversed(MAC_DOMAIN.split(".")))
    assert f"{turned}.{product.NAME}" == product.IDENTIFIER


@pytest.mark.parametrize(
    ("platform", "parent", "words", "begins"),
    [
        ("darwin", 1, [], "window"),
        ("darwin", 1, ["info", "a.hea"], "command line"),
        ("darwin", 4711, [], "command line"),
        ("linux", 1, [], "command line"),
    ],
)
def test_started_by_the_finder_it_tells_errors_in_boxes(
    monkeypatch, platform, parent, words, begins
):
    begun = []
    monkeypatch.setattr("ecgview.__main__.main", lambda: begun.append("command line"))
    monkeypatch.setattr("ecgview.__main__.gui_main", lambda: begun.append("window"))
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr("os.getppid", lambda: parent)
    monkeypatch.setattr("sys.argv", ["ecgview", *words])
    runpy.run_path(str(product.ROOT / "packaging" / "programs" / "console.py"))
    assert begun == [begins]


# The code inside

LIBRARY, PROGRAM = 6, 2


ARM64, INTEL = 0x0100000C, 0x01000007


def thin(file_type, system=(11, 0), processor=ARM64):
    """The header of a library or program, with what was used to build it and the system needed."""
    version = system[0] << 16 | system[1] << 8
    of_a_segment = (0x19, 16, 0, 0)
    of_the_build = (0x32, 24, 1, version, version, 0)
    commands = (*of_a_segment, *of_the_build)
    header = (0xFEEDFACF, processor, 0, file_type, 2, 4 * len(commands), 0, 0)
    return b"".join(field.to_bytes(4, "little") for field in (*header, *commands))


def fat(file_type):
    """The same for two processors, Intel's first."""
    intel, ours = thin(file_type, (10, 13), INTEL), thin(file_type, (13, 0))
    head = (0xCAFEBABE, 2, INTEL, 0, 64, len(intel), 0, ARM64, 0, 64 + len(intel), len(ours), 0)
    return b"".join(field.to_bytes(4, "big") for field in head).ljust(64, b"\0") + intel + ours


@pytest.fixture
def application(tmp_path):
    contents = tmp_path / "ecgview.app" / "Contents"
    python = contents / "Frameworks" / "Python.framework"
    files = {
        contents / "MacOS" / "ecgview": thin(PROGRAM),
        contents / "Info.plist": plistlib.dumps(bundle.info_plist()),
        contents / "Resources" / "ecgview" / "data.csv": b"lead,mV\n",
        contents / "Frameworks" / "libQt.dylib": fat(LIBRARY),
        contents / "Frameworks" / "torch" / "lib" / "libtorch_cpu.dylib": thin(LIBRARY),
        contents / "Frameworks" / "torch" / "bin" / "torch_shm_manager": thin(PROGRAM),
        python / "Versions" / "3.12" / "Python": thin(LIBRARY),
        python / "Versions" / "3.12" / "lib" / "libinner.dylib": thin(LIBRARY),
        python / "Versions" / "3.12" / "Resources" / "Info.plist": b"<plist/>",
    }
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (python / "Versions" / "Current").symlink_to("3.12")
    (python / "Python").symlink_to("Versions/Current/Python")
    (contents / "Resources" / "torch").symlink_to("../Frameworks/torch")
    return tmp_path / "ecgview.app"


def test_code_is_known_by_its_header(application):
    frameworks = application / "Contents" / "Frameworks"
    assert is_code(frameworks / "libQt.dylib")
    assert not is_program(frameworks / "libQt.dylib")
    assert is_program(frameworks / "torch" / "bin" / "torch_shm_manager")
    assert not is_code(application / "Contents" / "Info.plist")
    assert not is_code(frameworks / "Python.framework" / "Python")


def test_code_says_which_system_it_needs(application):
    frameworks = application / "Contents" / "Frameworks"
    assert least_system(frameworks / "torch" / "lib" / "libtorch_cpu.dylib") == (11, 0)
    assert least_system(frameworks / "libQt.dylib") == (13, 0)
    assert least_system(application / "Contents" / "Info.plist") is None
    assert newer_than(application, "13.0") == []
    assert newer_than(application, "12.5") == ["libQt.dylib (macOS 13.0)"]


def test_nothing_is_packed_that_needs_a_newer_system_than_it_says(application, tmp_path):
    library = application / "Contents" / "Frameworks" / "libnew.dylib"
    library.write_bytes(thin(LIBRARY, (99, 1)))
    with pytest.raises(SystemExit, match=r"libnew.dylib \(macOS 99.1\)"):
        installer.make(application, tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe" + b"\xff" * 9])
def test_a_cut_or_foreign_file_is_no_code(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert not is_code(path)
    assert least_system(path) is None


def test_each_piece_of_code_is_signed_once(application):
    frameworks = application / "Contents" / "Frameworks"
    python = frameworks / "Python.framework"
    assert code_inside(application) == Code(
        (
            python / "Versions" / "3.12" / "lib" / "libinner.dylib",
            frameworks / "torch" / "lib" / "libtorch_cpu.dylib",
            frameworks / "libQt.dylib",
        ),
        (frameworks / "torch" / "bin" / "torch_shm_manager",),
        (python,),
    )


# The commands


def signed(steps):
    """What each command signs, in order, with whether it is given entitlements."""
    return [
        (word, "--entitlements" in step.command)
        for step in steps
        if step.command[0] == "codesign" and "--sign" in step.command
        for word in step.command
        if word.startswith("/") and word != str(ENTITLEMENTS)
    ]


def test_the_inside_is_signed_before_the_outside_and_only_programs_are_entitled(application):
    code = code_inside(application)
    steps = signing_steps(application, code, SOMEBODY)
    assert signed(steps) == [
        *((str(path), False) for path in code.libraries),
        *((str(path), True) for path in code.programs),
        *((str(path), False) for path in code.frameworks),
        (str(application), True),
    ]
    for step in steps[:-1]:
        assert {"runtime", "--timestamp", "--force", SOMEBODY.identity} <= set(step.command)
    assert steps[-1].command[:4] == ("codesign", "--verify", "--deep", "--strict")


def test_many_libraries_take_several_commands_and_none_is_lost():
    paths = tuple(Path(f"/x/lib{number}.dylib") for number in range(250))
    steps = signing_steps(Path("/x.app"), Code(paths, (), ()), SOMEBODY)
    assert [name for name, _ in signed(steps)] == [*map(str, paths), "/x.app"]


def test_without_a_certificate_the_signature_is_plain(application):
    """With the hardened runtime it could not load its own libraries."""
    steps = signing_steps(application, code_inside(application), NOBODY)
    words = {word for step in steps for word in step.command}
    assert words.isdisjoint({"runtime", "--timestamp", "--entitlements"})
    assert {"-", "--timestamp=none"} <= words
    assert [step.command[0] for step in image_steps(application, Path("/i.dmg"), "x", NOBODY)] == [
        "hdiutil",
        "hdiutil",
    ]


def test_the_image_is_signed_then_notarised_then_stapled_then_judged():
    image = Path("/out/x.dmg")
    steps = [*image_steps(Path("/in"), image, "ecgview", SOMEBODY)]
    steps += notarising_steps(image, SOMEBODY)
    verbs = [" ".join(step.command[:3]) for step in steps]
    assert verbs == [
        "hdiutil create -volname",
        "codesign --force --sign",
        f"hdiutil verify {image}",
        "xcrun notarytool submit",
        "xcrun stapler staple",
        "xcrun stapler validate",
        "spctl --assess --type",
    ]
    assert "--wait" in steps[3].command


def test_nothing_secret_is_printed():
    steps = notarising_steps(Path("/out/x.dmg"), SOMEBODY)
    log = "\n".join(printed(step, SOMEBODY) for step in steps)
    assert not [value for value in SOMEBODY.notary.values() if value in log]
    assert "notarytool submit /out/x.dmg --key *** --key-id *** --issuer ***" in log


def test_who_signs_is_read_from_the_environment():
    assert credentials({}) == NOBODY
    assert credentials(ENVIRONMENT) == SOMEBODY
    assert credentials(dict.fromkeys(ENVIRONMENT, "")) == NOBODY
    assert len(NOBODY.left_out()) == 2
    assert not SOMEBODY.left_out()


@pytest.mark.parametrize("lacking", sorted(ENVIRONMENT))
def test_half_of_what_notarising_takes_is_refused(lacking):
    environment = {name: value for name, value in ENVIRONMENT.items() if name != lacking}
    with pytest.raises(ValueError, match=lacking):
        credentials(environment)


def test_the_signed_program_is_tried_with_torch_before_it_is_packed():
    steps = trying_steps(Path("/x/ecgview.app"), Path("/t/window.png"))
    assert {step.command[0] for step in steps} == {"/x/ecgview.app/Contents/MacOS/ecgview"}
    assert [step.command[1] for step in steps] == ["--version", "demo"]


# All of it


@pytest.mark.parametrize("name", ["ecgview", "ecgview.app"])
def test_an_image_is_made_of_a_copy(application, tmp_path, monkeypatch, name):
    commands = []

    def run(step):
        commands.append(step.command)
        if step.command[0] == "ditto":
            shutil.copytree(*step.command[1:], symlinks=True)
        if step.command[:2] == ("hdiutil", "create"):
            folder = Path(step.command[step.command.index("-srcfolder") + 1])
            assert sorted(path.name for path in folder.iterdir()) == [
                "Applications",
                "Read me.txt",
                "ecgview.app",
            ]
            assert (folder / "Applications").readlink() == Path("/Applications")
            assert product.WORDING in (folder / "Read me.txt").read_text(encoding="utf-8")
        return True

    monkeypatch.setattr(installer, "_works", run)
    for variable in ENVIRONMENT:
        monkeypatch.delenv(variable, raising=False)

    made = installer.make(tmp_path / name, tmp_path)

    assert [path.name for path in made] == [f"ecgview-{product.VERSION}-macos-arm64.dmg"]
    assert [command[0] for command in commands[:1]] == ["ditto"]
    assert not [command for command in commands[1:] if str(application) in command]
    assert commands[-1] == ("hdiutil", "verify", str(made[0]))


def test_it_stops_at_the_first_step_that_fails_and_tells_no_secret(capfd):
    steps = [Step("Fail", ("false", "secret-issuer")), Step("Go on", ("true",))]
    with pytest.raises(SystemExit, match="That failed: Fail"):
        installer.run(steps, SOMEBODY)
    assert "secret" not in "".join(capfd.readouterr())


def test_a_step_that_may_be_tried_again_is(tmp_path, monkeypatch):
    """The first time there is no folder yet, the second time there is."""
    monkeypatch.setattr(installer.time, "sleep", lambda _: (tmp_path / "late").mkdir())
    installer.run([Step("Wait", ("test", "-d", str(tmp_path / "late")), tries=2)], NOBODY)
    assert (tmp_path / "late").is_dir()


def test_without_an_application_it_says_what_makes_one(tmp_path):
    with pytest.raises(SystemExit, match=r"packaging/build\.py makes it"):
        installer.application_of(tmp_path / "ecgview")


def test_the_read_me_helps_where_nobody_signed_and_only_there():
    assert "Open Anyway" in installer.read_me(NOBODY)
    assert "Open Anyway" not in installer.read_me(SOMEBODY)
    for who in (NOBODY, SOMEBODY):
        assert bundle.LEAST_SYSTEM in installer.read_me(who)
        assert "MIT License" in installer.read_me(who)
