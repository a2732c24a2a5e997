"""A document as one HTML file: no network, no scripts, pictures inside, fit to be printed."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from html import escape

from ecgview import __version__
from ecgview.export.document import Block, Bullets, Document, Heading, Paragraph, Picture, Table
from ecgview.export.style import MM_PER_INCH, house_style

_PIXELS_DPI = 200
"""Of clouds of points, which are pixels inside of pictures."""
_CSS = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f5f7; color: #1a1d21;
  font: 15px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 3rem 3rem; background: #fff; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .35rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; padding-top: 1.2rem;
  border-top: 1px solid #e3e6ea; }
h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
p { margin: 0 0 .8rem; max-width: 46rem; }
ul { margin: 0 0 .8rem; padding-left: 1.2rem; max-width: 46rem; }
li { margin: 0 0 .3rem; }
.subtitle, .quiet, figcaption, caption, footer { color: #5f6873; }
.quiet, figcaption, caption, footer { font-size: .85rem; }
.lead { font-size: 1.06rem; }
.wording { margin: 1.2rem 0 0; padding: .6rem .9rem; max-width: none; border-radius: 6px;
  background: #fff3dc; color: #7a4b00; font-size: .85rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .4rem 0 1.4rem; font-size: .82rem;
  font-variant-numeric: tabular-nums; line-height: 1.35; }
caption { text-align: left; padding: 0 0 .5rem; }
th, td { padding: .28rem .55rem; text-align: right; white-space: nowrap; }
th { color: #5f6873; font-weight: 600; border-bottom: 1px solid #98a2ad; vertical-align: bottom; }
td { border-bottom: 1px solid #eef0f3; }
tr.group td { border-top: 1px solid #98a2ad; }
th.words, td.words { text-align: left; }
th:first-child, td:first-child { padding-left: 0; }
td.words:first-child { font-weight: 600; }
figure { margin: 1rem 0 1.6rem; }
figure img { max-width: 100%; height: auto; display: block; }
figcaption { margin-top: .5rem; max-width: 46rem; }
footer { margin-top: 2.5rem; padding-top: .8rem; border-top: 1px solid #e3e6ea; }
code { font: .82rem/1.5 ui-monospace, Consolas, "DejaVu Sans Mono", monospace;
  overflow-wrap: anywhere; }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  body { background: #fff; font-size: 10pt; }
  main { max-width: none; padding: 0; }
  p, ul, figcaption { max-width: none; }
  .wide { overflow: visible; }
  table { font-size: 7.4pt; }
  th, td { padding: 1.2pt 3.2pt; }
  thead { display: table-header-group; }
  tr, figure { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .wording { border: 1px solid #7a4b00; background: none; }
}
"""


def html_of(document: Document) -> str:
    """Write a document as HTML.

    Parameters
    ----------
    document : Document
        The report; all its words are escaped.

    Returns
    -------
    str
        The whole file; it refers to nothing outside itself.
    """
    return "".join(html_pieces(document))


def html_pieces(document: Document) -> Iterator[str]:
    """Write a document as `html_of` does, block by block: head, blocks, foot."""
    title, wording = escape(document.title), escape(document.wording)
    yield f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="ecgview {escape(__version__)}">
<title>{title}</title>
<style>{_CSS}</style>
</head>
<body>
<main>
<header>
<h1>{title}</h1>
<p class="subtitle">{escape(document.subtitle)}</p>
<p class="wording">{wording}</p>
</header>
"""
    for block in document.blocks:
        yield f"{_block(block)}\n"
    yield f"""<footer>
<p>{escape(document.maker)}</p>
<p>{wording}</p>
</footer>
</main>
</body>
</html>
"""


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return _paragraph(block)
    if isinstance(block, Bullets):
        items = "\n".join(f"<li>{escape(item)}</li>" for item in block.items)
        return f"<ul>\n{items}\n</ul>"
    return _table(block) if isinstance(block, Table) else _picture(block)


def _paragraph(block: Paragraph) -> str:
    text = escape(block.text)
    if block.style == "code":
        return f"<p><code>{text}</code></p>"
    return f'<p class="{escape(block.style)}">{text}</p>' if block.style else f"<p>{text}</p>"


def _table(table: Table) -> str:
    kinds = [' class="words"' if at in table.words else "" for at in range(len(table.head))]
    head = "".join(
        f'<th scope="col"{kind}>{escape(name)}</th>'
        for name, kind in zip(table.head, kinds, strict=True)
    )
    rows = "\n".join(
        f"<tr{_group(at, table)}>{_cells(row, kinds)}</tr>" for at, row in enumerate(table.rows)
    )
    return (
        f'<div class="wide">\n<table>\n<caption>{escape(table.caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
    )


def _group(at: int, table: Table) -> str:
    return ' class="group"' if at in table.groups else ""


def _cells(row: tuple[str, ...], kinds: list[str]) -> str:
    return "".join(f"<td{kind}>{escape(text)}</td>" for text, kind in zip(row, kinds, strict=True))


def _picture(picture: Picture) -> str:
    width_px = round(picture.width_mm / MM_PER_INCH * 96)
    caption = f"\n<figcaption>{escape(picture.caption)}</figcaption>" if picture.caption else ""
    return (
        f'<figure>\n<img src="data:image/svg+xml;base64,{_svg(picture)}" width="{width_px}" '
        f'alt="{escape(picture.alt)}">{caption}\n</figure>'
    )


def _svg(picture: Picture) -> str:
    """Draw a picture; as an image of its own, so that its identifiers meet no others."""
    target = io.BytesIO()
    with house_style():
        picture.figure().savefig(
            target, format="svg", dpi=_PIXELS_DPI, metadata={"Creator": "ecgview", "Date": None}
        )
    return base64.b64encode(target.getvalue()).decode("ascii")
