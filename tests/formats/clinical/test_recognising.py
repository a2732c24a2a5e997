"""Telling formats by their content, and refusing XML made to do harm."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from samples import make_ecg
from samples.documents import XML_FILES
from samples.ecg import Ecg

from ecgview.errors import RecordingError
from ecgview.formats import open_recording
from ecgview.formats.clinical import xml_tree
from ecgview.formats.clinical.recognising import xml_root
from ecgview.formats.head import read_head
from ecgview.formats.table import find_reader

Make = Callable[[Path, Ecg], Path]
EVERY_XML = pytest.mark.parametrize("make", XML_FILES.values(), ids=XML_FILES)


def rewritten(path: Path, change: Callable[[str], str], encoding: str) -> Path:
    """Write a document anew, under a name that says nothing."""
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig")
    text = re.sub(r"<\?xml[^>]*\?>", "", text).strip()
    nameless = path.with_name("recording")
    nameless.write_bytes(change(text).encode(encoding))
    return nameless


PROLOGS = {
    "comment": ("<?xml version='1.0'?>\n<!-- <ECG> & <html> -->\n", "utf-8"),
    "mark": ("<?xml version='1.0'?>", "utf-8-sig"),
    "utf-16": ("<?xml version='1.0' encoding='UTF-16'?>\n", "utf-16"),
    "utf-16 without mark": ("<?xml version='1.0' encoding='UTF-16LE'?>\n", "utf-16-le"),
    "blank lines": ("\n\n  ", "utf-8"),
    "instruction": ("<?xml version='1.0'?><?xml-stylesheet href='http://x/y.xsl'?>", "utf-8"),
}


@EVERY_XML
@pytest.mark.parametrize("prolog", PROLOGS)
def test_xml_is_known_by_its_root_whatever_stands_before(
    tmp_path: Path, make: Make, prolog: str
) -> None:
    path = make(tmp_path, make_ecg(500))
    reader = find_reader(read_head(path))
    assert reader is not None
    before, encoding = PROLOGS[prolog]
    changed = rewritten(path, lambda text: before + text, encoding)
    assert find_reader(read_head(changed)) is reader
    assert len(open_recording(changed).leads) >= 12


@EVERY_XML
def test_a_document_type_before_the_root(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path, make_ecg(500))
    root = xml_root(read_head(path))
    changed = rewritten(
        path, lambda text: f"<!DOCTYPE {root} SYSTEM 'a.dtd' [<!ELEMENT a (b)>]>\n{text}", "utf-8"
    )
    assert find_reader(read_head(changed)) is find_reader(read_head(path))


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<a/>", "a"),
        ("<n:a b='c'>", "a"),
        ("<!-- x --><a>", "a"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]> <a>", "a"),
        ("a,b,c\n1,2,3\n", ""),
        ("<", ""),
        ("", ""),
        ("<<a>", ""),
    ],
)
def test_root_elements(tmp_path: Path, text: str, root: str) -> None:
    (tmp_path / "x").write_text(text)
    assert xml_root(read_head(tmp_path / "x")) == root


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<?xml version='1.0'?><clinicalDocument/>", "<clinicalDocument>"),
        ("<ECG><Something/></ECG>", "<ECG>"),
    ],
)
def test_other_xml_is_refused_by_name(tmp_path: Path, text: str, kind: str) -> None:
    (tmp_path / "x.xml").write_text(text)
    with pytest.raises(RecordingError) as caught:
        open_recording(tmp_path / "x.xml")
    assert f"it is XML with the root element {kind}" in caught.value.message
    assert "HL7 aECG" in caught.value.hint


@EVERY_XML
def test_deep_nesting_is_refused(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path, make_ecg(500))
    changed = rewritten(
        path,
        lambda text: (
            text[: text.rindex("</")] + "<x>" * 50_000 + "</x>" * 50_000 + text[text.rindex("</") :]
        ),
        "utf-8",
    )
    with pytest.raises(RecordingError, match="nested more than 100 deep"):
        open_recording(changed)


@EVERY_XML
def test_too_many_elements_are_refused(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_tree, "MAX_ELEMENTS", 1000)
    path = make(tmp_path, make_ecg(500))
    changed = rewritten(
        path,
        lambda text: text[: text.rindex("</")] + "<x/>" * 2000 + text[text.rindex("</") :],
        "utf-8",
    )
    with pytest.raises(RecordingError, match="more than 1000 elements"):
        open_recording(changed)


@EVERY_XML
def test_a_document_that_is_cut_is_refused_in_a_sentence(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path, make_ecg(500))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    assert path.name in caught.value.message
    assert str(tmp_path) not in caught.value.message
    assert caught.value.hint
