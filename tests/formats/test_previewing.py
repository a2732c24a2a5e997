import numpy as np
import pytest

from ecgview.formats import ImportOptions, open_recording
from ecgview.formats.previewing import preview_of


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    samples = np.array([[n % 7, n % 5, n % 3] for n in range(300)])
    rows = "\n".join(",".join(map(str, row)) for row in samples)
    path.write_text(f"I (uV),II (uV),resp (%)\n{rows}\n", encoding="utf-8")
    return path


def test_it_says_what_the_file_says_and_leaves_derived_leads_out(table):
    preview = preview_of(open_recording(table, options=ImportOptions(rate_hz=250)))
    assert [column.name for column in preview.columns] == ["I", "II", "resp"]
    assert [column.unit for column in preview.columns] == ["uV", "uV", "%"]
    assert (preview.unit, preview.rate_hz) == ("uV", 250)
    assert preview.first_rows[6] == ("6", "1", "0")  # uV, uV and %, as in the file
    assert preview.missing == ()


def test_leads_of_different_units_have_no_common_one(table):
    text = table.read_text(encoding="utf-8").replace("II (uV)", "II (mV)")
    table.write_text(text, encoding="utf-8")
    assert preview_of(open_recording(table, options=ImportOptions(rate_hz=250))).unit is None


@pytest.mark.real_data
def test_a_real_record_is_described_with_the_gains_of_its_header(data_dir):
    preview = preview_of(open_recording(data_dir / "formats" / "wfdb" / "ludb_1.hea"))
    assert len(preview.columns) == 12
    assert preview.unit == "mV"
    assert preview.rate_hz == 500
    assert len(preview.first_rows) == 20
