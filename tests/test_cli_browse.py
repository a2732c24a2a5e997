import csv
import json
from pathlib import Path

import pytest
from made_data_set import make_ptb_xl

from ecgview.cli import main


@pytest.fixture(scope="module")
def mini(tmp_path_factory):
    return make_ptb_xl(tmp_path_factory.mktemp("browse") / "mini", flat=3)


def browse(capsys, *words):
    status = main(["browse", *map(str, words)])
    out = capsys.readouterr()
    return status, out.out.splitlines(), out.err


def names(lines):
    return [Path(line.split()[0]).stem for line in lines]


def test_words_and_facts_find_recordings(capsys, mini):
    status, lines, told = browse(capsys, mini, "--search", "anterior infarct")
    assert (status, names(lines)) == (0, ["00001_hr", "00004_hr"])
    assert "over" not in lines[0]
    assert "90+ female" in lines[0]
    assert lines[0].endswith("LAFB 100, ASMI 50  [static]")
    assert "2 of 5 recordings of PTB-XL; 1 listed but not there" in told
    _, lines, _ = browse(
        capsys, mini, "--superclass", "mi,cd", "--fold", "9", "--sex", "female", "--age", "80-",
        "--sort", "age", "--reverse",
    )  # fmt: skip
    assert names(lines) == ["00001_hr", "00003_hr"]


def test_what_is_listed_can_be_handed_on(capsys, mini):
    _, lines, _ = browse(capsys, mini, "--quality", "clean", "--paths", "--limit", "1")
    assert lines == [str(mini / "records500/00000/00000_hr.hea")]
    assert main(["info", *lines]) == 0


def test_what_there_is_of_each_kind_is_counted(capsys, mini):
    _, lines, _ = browse(capsys, mini, "--summary", "--sex", "female")
    counted = {tuple(line.split()[:2]): line.split()[2] for line in lines}
    assert counted[("superclass", "MI")] == "2"
    assert counted[("statement", "LAFB")] == "2"
    assert counted[("statement", "ASMI")] == "1"
    assert counted[("sex", "female")] == "2"
    assert counted[("fold", "9")] == "2"
    assert counted[("quality", "static")] == "1"
    assert ("superclass", "NORM") not in counted


def test_the_worst_come_first(capsys, mini, tmp_path):
    target = tmp_path / "worst.csv"
    status, _, _ = browse(
        capsys, mini, "--triage", "--leads", "I,II,V2", "--model", "anylead-linear",
        "--sort", "worst", "--csv", "--output", target,
    )  # fmt: skip
    rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    worst = [float(row["worst_pcc"]) for row in rows]
    assert status == 0
    assert len(worst) == 5
    assert worst == sorted(worst)
    assert next(row for row in rows if row["name"].endswith("00003_hr"))["undefined_leads"] == "V3"


def test_only_what_is_left_is_rebuilt(capsys, mini):
    _, lines, _ = browse(
        capsys, mini, "--triage", "--leads", "I,II", "--model", "anylead-linear", "--json",
        "--limit", "2", "--sort", "name", "--reverse",
    )  # fmt: skip
    data = [json.loads(line) for line in lines]
    assert [one["name"][-8:] for one in data] == ["00004_hr", "00003_hr"]
    assert all(-1 <= one["worst_pcc"] <= 1 for one in data)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--superclass", "XX"), "No recording here has the superclass XX."),
        (("--statement", "PSVT"), "No recording here has the statement PSVT."),
        (("--quality", "great"), "There is clean, drift, static, burst."),
        (("--sort", "worst"), "Say --triage --leads too."),
        (("--limit", "0"), "A limit below 1 leaves nothing."),
        (("--likelihood", "nan"), "nan is no likelihood."),
        (("--triage",), "No available lead is named."),
        (("--output", "."), "is a folder"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(capsys, mini, words, sentence):
    status, _, told = browse(capsys, mini, *words)
    assert status == 1
    assert sentence in told


def test_ages_are_checked_at_once(capsys, mini):
    with pytest.raises(SystemExit):
        main(["browse", str(mini), "--age", "old"])
    assert "not a range of ages" in capsys.readouterr().err


def test_nothing_found_is_no_error(capsys, mini):
    status, lines, told = browse(capsys, mini, "--search", "unicorn")
    assert (status, lines) == (0, [])
    assert "0 of 5 recordings" in told


def test_a_list_is_not_written_over_another_file(capsys, mini, tmp_path):
    target = tmp_path / "list.csv"
    target.write_text("mine", encoding="utf-8")
    status, _, told = browse(capsys, mini, "--csv", "--output", str(target))
    assert status == 1
    assert "already holds list.csv" in told
    assert target.read_text(encoding="utf-8") == "mine"
    assert browse(capsys, mini, "--csv", "--output", str(target), "--overwrite")[0] == 0
    assert target.read_text(encoding="utf-8").startswith("name,path,")
