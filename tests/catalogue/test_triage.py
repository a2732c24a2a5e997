import pytest

from ecgview.catalogue.reading import read_catalogue
from ecgview.catalogue.triage import Scored, TriageTask, figures_of, triage_events
from ecgview.engine.metrics import Agreement, LeadAgreement, agreement
from ecgview.engine.reconstruct import reconstruct
from ecgview.errors import ModelError
from ecgview.formats import open_recording
from ecgview.leads import LEADS, Origin

MODEL = "anylead-linear"


def scored(paths, task):
    return [event for event in triage_events(paths, task) if isinstance(event, Scored)]


def test_figures_are_those_of_the_viewer(mini):
    entries = read_catalogue(mini).entries
    task = TriageTask(("I", "II", "V2"), MODEL)
    told = scored([entry.path for entry in entries], task)
    assert [event.path for event in told] == [entry.path for entry in entries]
    recording = open_recording(entries[0].path)
    rows = agreement(recording, reconstruct(recording, ("I", "II", "V2"), MODEL), clean=False).rows
    rebuilt = {row.lead: row.pcc for row in rows if row.origin is Origin.RECONSTRUCTED}
    worst = min(rebuilt, key=rebuilt.get)
    figures = told[0].figures
    assert (figures.worst_lead, figures.undefined) == (worst, ())
    assert figures.worst_pcc == pytest.approx(rebuilt[worst], abs=1e-6)
    assert figures.mean_pcc == pytest.approx(sum(rebuilt.values()) / 5, abs=1e-6)
    assert figures.rmse_uv > 1


def test_a_flat_lead_has_no_figure_and_is_named(mini):
    path = read_catalogue(mini).entries[3].path
    (event,) = scored([path], TriageTask(("I", "II", "V2"), MODEL))
    assert event.figures.undefined == ("V3",)
    assert event.figures.worst_lead != "V3"


def test_nothing_defined_is_no_figure():
    rows = tuple(LeadAgreement(lead, Origin.RECONSTRUCTED) for lead in LEADS)
    figures = figures_of(Agreement(rows, False, None, 0, None, 0))
    assert (figures.worst_pcc, figures.mean_pcc, figures.undefined) == (None, None, LEADS)


def test_what_cannot_be_rebuilt_is_told_and_the_rest_goes_on(mini, tmp_path):
    good = read_catalogue(mini).entries[0].path
    absent = tmp_path / "absent.hea"
    told = scored([absent, good], TriageTask(("I", "II"), MODEL))
    assert "absent" in told[0].figures.problem
    assert told[1].figures.worst_pcc is not None


def test_a_model_that_is_not_there_is_refused(mini):
    path = read_catalogue(mini).entries[0].path
    with pytest.raises(ModelError):
        scored([path], TriageTask(("I",), "no-such-model"))
