"""The report of a study of agreement: its words, its HTML and its PDF."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from agreement_example import AVAILABLE, example_report
from pypdf import PdfReader

from ecgview import DISCLAIMER
from ecgview.errors import EcgviewError
from ecgview.export import agreement_report
from ecgview.export.agreement_report import document_of, report_events, write_agreement_report
from ecgview.export.agreement_tables import means_table, subsets_table, variances_table
from ecgview.export.agreement_words import (
    interval_text,
    left_out_reasons,
    number_text,
    p_text,
    reading_sentence,
    summary,
)
from ecgview.export.document import Bullets, Document, Heading, Paragraph, Picture, Table
from ecgview.export.document_html import html_of
from ecgview.export.document_pdf import fitted, pdf_of
from ecgview.export.pdf_pages import Pages
from ecgview.studies.agreement.results import OVER_SHRUNK, LeftOut

VOID = {"meta", "img", "br", "hr", "link"}


class Checker(HTMLParser):
    """Collects elements and words, and fails where tags are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def checked(html: str) -> Checker:
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert not checker.open
    return checker


@pytest.fixture(scope="module")
def report():
    nasty = '<script>alert("x")</script> & Söhne'
    made = example_report()
    models = (replace(made.models[0], title=nasty), *made.models[1:])
    return replace(
        made, models=models, sources={nasty: 121}, warnings=("The network has seen fold 9.",)
    )


@pytest.fixture(scope="module")
def html(report) -> str:
    return html_of(document_of(report))


# Words


def test_numbers_are_printed_as_people_print_them() -> None:
    assert number_text(-0.126) == "\N{MINUS SIGN}0.13"
    assert number_text(-0.001) == "0.00"
    assert number_text(12.4, 0, signed=True) == "+12"
    assert number_text(float("nan")) == "n/a"
    assert interval_text(-2, 3.26, 1) == "\N{MINUS SIGN}2.0 to 3.3"
    assert interval_text(float("nan"), 1.0) == ""
    assert [p_text(p) for p in (0.00002, 0.0412, 0.5)] == ["<0.001", "0.041", "0.50"]


def test_the_summary_counts_readings(report) -> None:
    rows = list(report.rows_of("network", AVAILABLE))
    shrunk = sum(row.reading == OVER_SHRUNK for row in rows)
    first, second, *_ = summary(report, "network", AVAILABLE, "all")
    assert first.startswith("Of 55 amplitudes in 11 reconstructed leads,")
    assert f"{shrunk} are over-shrunk" in first
    assert second.startswith("People differ less in the reconstruction than in life")
    linear = " ".join(summary(report, "network-linear", AVAILABLE, "all"))
    assert "have invented variance" in linear


def test_a_subset_without_statistics_says_why(report) -> None:
    (only,) = summary(report, "network", AVAILABLE, "HYP")
    assert "5 patients" in only
    row = report.row("network", AVAILABLE, "HYP", "V3", "R")
    assert reading_sentence(row).startswith("R in V3: ")


def test_the_sentence_of_a_row_says_where_its_error_comes_from(report) -> None:
    row = report.row("network", AVAILABLE, "all", "V6", "R")
    said = reading_sentence(row)
    assert f"{100 * row.error_r2:.0f} % of the error" in said
    assert "large amplitudes are drawn too small" in said
    upwards = replace(row, slope_on_real=0.2)
    assert "too small" not in reading_sentence(upwards)


def test_what_was_left_out_is_counted_without_names(report) -> None:
    more = (
        LeftOut("records/1", ("I",), "no beats in records/1"),
        LeftOut("records/2", ("I",), "no beats in records/2."),
    )
    counted = left_out_reasons(replace(report, left_out=(*report.left_out, *more)))
    assert counted == {"no beats in the recording (given I)": 2, "flat lead": 1}


# Tables


def test_the_table_prints_the_rows(report) -> None:
    rows = tuple(report.rows_of("network", AVAILABLE))
    table = variances_table(rows, "caption")
    assert len(table.rows) == 55
    assert table.groups == tuple(range(5, 55, 5))
    first = dict(zip(table.head, table.rows[0], strict=True))
    assert (first["lead"], first["v"]) == ("II", number_text(rows[0].variance_ratio))
    assert table.rows[1][0] == ""
    assert first["reading"] == rows[0].reading
    means = means_table(rows, "caption")
    first = dict(zip(means.head, means.rows[0], strict=True))
    assert first["bias µV"] == number_text(rows[0].bias_uv, 0, signed=True)
    assert first["n"] == "119"


def test_subsets_are_listed_with_those_that_are_too_small(report) -> None:
    table = subsets_table(report, AVAILABLE)
    assert [row[0] for row in table.rows if row[0]] == [one.title for one in report.subsets]
    assert table.rows[-1][3:] == ("n/a",) * 7
    counts = [int(text) for text in table.rows[0][6:]]
    assert sum(counts) == 55


# HTML


def test_the_html_is_whole_and_needs_nothing_else(html) -> None:
    assert html.startswith("<!DOCTYPE html>")
    seen = checked(html).seen
    tags = [tag for tag, _ in seen]
    assert "script" not in tags and "link" not in tags
    assert tags.count("h1") == 1
    for _, attributes in seen:
        for name in ("src", "href"):
            value = attributes.get(name)
            assert value is None or value.startswith("data:image/svg+xml;base64,")
    assert "url(" not in html and "@import" not in html
    identifiers = [attributes["id"] for _, attributes in seen if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))


def test_all_words_of_the_html_are_escaped(html) -> None:
    assert "<script>" not in html
    assert '<script>alert("x")</script> & Söhne' in checked(html).text


def test_the_html_says_the_reading_first_and_then_how(html, report) -> None:
    text = checked(html).text
    order = [
        DISCLAIMER, "Note: The network has seen fold 9.", "The reading", "Of 55 amplitudes",
        "Recordings and models", "From I", "Methods", "Holm", "Sources", "Presacan", "Command",
        report.command,
    ]  # fmt: skip
    places = [text.index(word) for word in order[:1]]
    for word in order[1:]:
        places.append(text.index(word, places[-1]))
    assert places == sorted(places)
    assert text.count(DISCLAIMER) >= 2
    assert "µV" in text and "uV" not in text


def test_pictures_of_the_html_are_described_and_drawn(html) -> None:
    images = [attributes for tag, attributes in checked(html).seen if tag == "img"]
    assert len(images) == 2 * (1 + 2 + 2)
    for image in images:
        assert image["alt"].endswith(".") and len(image["alt"]) > 30
        svg = base64.b64decode(image["src"].split(",", 1)[1]).decode()
        assert "<svg" in svg and "</svg>" in svg


def test_nothing_in_the_report_names_a_recording(html) -> None:
    plain = re.sub(r"base64,[^\"]+", "", html)
    assert "/made/" not in plain
    assert "records/" not in plain


# PDF


def test_the_pdf_can_be_searched_and_repeats_the_wording(tmp_path: Path) -> None:
    few = Document(
        "Agreement <of> leads", "made data", DISCLAIMER,
        (
            Heading("The reading"), Paragraph("Of 55 amplitudes. " * 80), Bullets(("one", "two")),
            Table("A caption", ("lead", "v"), tuple((f"L{n}", f"{n}.5") for n in range(120))),
            Heading("Pictures", 3),
            Picture(80.0, 200.0, lambda figure: figure.text(0.5, 0.5, "drawn here"), "A picture."),
        ),
        "Made with ecgview.",
    )  # fmt: skip
    target = tmp_path / "few.pdf"
    target.write_bytes(pdf_of(few))
    reader = PdfReader(target)
    assert reader.metadata.title == "Agreement <of> leads"
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) >= 3
    for number, text in enumerate(texts, start=1):
        assert "Not a medical device" in text
        assert f"{number} / {len(texts)}" in text
    whole = "\n".join(texts)
    for word in ("The reading", "A caption", "L119", "119.5", "drawn here", "Made with ecgview"):
        assert word in whole
    pages_of_table = [at for at, text in enumerate(texts) if re.search(r"^L\d+", text, re.M)]
    assert len(pages_of_table) >= 2
    assert all("lead" in texts[at] for at in pages_of_table)
    picture = next(at for at, text in enumerate(texts) if "drawn here" in text)
    assert "Pictures" in texts[picture]
    width, height = (float(side) * 25.4 / 72 for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)


def test_the_tables_of_a_report_fit_its_page(report) -> None:
    rows = tuple(report.rows_of("network-linear", AVAILABLE))
    wide = [replace(row, real_mean_uv=-1234.0, limits_low_uv=-4321.0) for row in rows]
    for table in (
        variances_table(wide, "c"),
        means_table(wide, "c"),
        subsets_table(report, ("I",)),
    ):
        size_pt, widths_mm = fitted(table, Pages.width_mm)
        assert sum(widths_mm) <= Pages.width_mm
        assert size_pt >= 6.5


def test_the_same_document_gives_the_same_bytes() -> None:
    document = Document("t", "s", DISCLAIMER, (Paragraph("words"),))
    assert pdf_of(document) == pdf_of(document)
    assert html_of(document) == html_of(document)


def test_reports_are_written_where_wanted(report, tmp_path: Path, monkeypatch) -> None:
    short = Document("Agreement", "made", DISCLAIMER, (Paragraph("words"),))
    monkeypatch.setattr(agreement_report, "document_of", lambda _: short)
    written = write_agreement_report(report, tmp_path / "out", ("html", "pdf"))
    assert [path.name for path in written] == ["agreement-report.html", "agreement-report.pdf"]
    assert PdfReader(written[1]).pages[0].extract_text().startswith("Agreement")
    with pytest.raises(EcgviewError, match=r"cannot be saved as a\.docx"):
        list(report_events(report, [tmp_path / "a.docx"]))
