"""Exports of watches in the languages of their owners, and MATLAB's comments."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array

from ecgview.formats import find_recordings, open_recording

SAMPLES_UV = np.rint(1000 * twelve_lead_array(500, 4)[0])

HEADS = {
    "German": "Name,{name}\nGeburtsdatum,{born}\nAufzeichnungsdatum,{when}\nSymptome,\n"
    'Gerät,"Watch6,1"\nMessrate,"500 Hertz"\n\n\nAbleitung,"Ableitung I"\nEinheit,µV\n\n',
    "French": "Nom,{name}\nDate de naissance,{born}\nDate de l'enregistrement,{when}\n"
    'Appareil,"Watch6,1"\nFréquence d\u2019échantillonnage,"500 hertz"\n'
    '\nDérivation,"Dérivation I"\nUnité,µV\n\n',
    "Spanish": "Nombre,{name}\nFecha de nacimiento,{born}\nFecha de registro,{when}\n"
    'Dispositivo,"Watch6,1"\nFrecuencia de muestreo,"500 hercios"\n'
    '\nDerivación,"Derivación I"\nUnidad,µV\n\n',
    "Italian": "Nome,{name}\nData di nascita,{born}\nData di registrazione,{when}\n"
    'Dispositivo,"Watch6,1"\nFrequenza di campionamento,"500 hertz"\n'
    '\nDerivazione,"Derivazione I"\nUnità,µV\n\n',
    "Portuguese": "Nome,{name}\nData de nascimento,{born}\nData de registro,{when}\n"
    'Dispositivo,"Watch6,1"\nTaxa de amostragem,"500 hertz"\n'
    '\nDerivação,"Derivação I"\nUnidade,µV\n\n',
    "Dutch": "Naam,{name}\nGeboortedatum,{born}\nOpnamedatum,{when}\n"
    'Apparaat,"Watch6,1"\nBemonsteringsfrequentie,"500 hertz"\n'
    '\nAfleiding,"Afleiding I"\nEenheid,µV\n\n',
    "Chinese": "姓名,{name}\n出生日期,{born}\n记录日期,{when}\n"
    '设备,"Watch6,1"\n采样率,"500赫兹"\n\n导联,"导联 I"\n单位,µV\n\n',
    "Japanese": "名前,{name}\n生年月日,{born}\n記録日,{when}\n"
    'デバイス,"Watch6,1"\nサンプルレート,"500ヘルツ"\n\n誘導,"誘導I"\n単位,µV\n\n',
}


@pytest.mark.parametrize("language", HEADS)
def test_the_export_of_a_watch_needs_no_question(tmp_path: Path, language: str) -> None:
    head = HEADS[language].format(
        name="Robin Roe", born="1980-02-03", when="2023-05-06 10:22:33 +0200"
    )
    path = tmp_path / "ecg.csv"
    path.write_text(head + "\n".join(f"{sample:.3f}" for sample in SAMPLES_UV), "utf-8")
    recording = open_recording(path)
    assert recording.fs_hz == 500
    assert np.allclose(recording.read(("I",))[0], SAMPLES_UV / 1000, atol=1e-6)
    assert recording.patient.name == "Robin Roe"
    assert recording.patient.birth_date == "1980-02-03"
    assert recording.started == "2023-05-06T10:22:33"
    assert recording.device == "Watch6,1"
    assert not any("Roe" in comment or "1980" in comment for comment in recording.comments)
    assert find_recordings([tmp_path]) == [path]


def test_other_frequencies_are_no_sampling_rate(tmp_path: Path) -> None:
    head = "Filtro de red,50 hercios\nFrecuencia de muestreo,500 hercios\nDerivación,I\nUnidad,µV\n"
    path = tmp_path / "ecg.csv"
    path.write_text(head + "\n".join(f"{sample:.3f}" for sample in SAMPLES_UV), "utf-8")
    assert open_recording(path).fs_hz == 500


def test_a_per_cent_sign_begins_a_comment(tmp_path: Path) -> None:
    ecg_uv = 1000 * twelve_lead_array(500, 4)[:2]
    path = tmp_path / "ecg.txt"
    rows = "\n".join(f"{one:.2f},{two:.2f}" for one, two in ecg_uv.T)
    path.write_text(f"% fs = 500\n% unit: uV\n% I, II\n{rows}\n")
    recording = open_recording(path)
    assert np.allclose(recording.read(("I", "II")), ecg_uv / 1000, atol=1e-4)


@pytest.mark.parametrize("name", ["Zeit", "temps", "Tiempo (s)", "tempo [s]", "Время", "时间"])
def test_a_column_of_times_in_other_languages(tmp_path: Path, name: str) -> None:
    ecg_mv = twelve_lead_array(500, 4)[:2]
    path = tmp_path / "ecg.csv"
    rows = [f"{n / 500:.3f};{one:.3f};{two:.3f}" for n, (one, two) in enumerate(ecg_mv.T)]
    text = "\n".join([f"{name};I [mV];II [mV]", *rows]).replace(".", ",")
    path.write_text(text, "utf-8")
    assert open_recording(path).fs_hz == 500
