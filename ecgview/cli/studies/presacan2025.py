"""``ecgview study presacan2025``: whether reconstructions from limb leads are personal."""

from __future__ import annotations

import argparse
import shlex
import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from ecgview.cli.agreement import add_study_options, report_of

if TYPE_CHECKING:
    from ecgview.studies.agreement.presacan2025 import Claim

HELP = "what Presacan et al. (2025) say of reconstructions from I, and I and II, of normal ECGs"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    add_study_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.paths import check_folder
    from ecgview.studies.agreement.presacan2025 import INPUT_SETS, SUBSET, claims, write_claims
    from ecgview.studies.agreement.study import agreement_events
    from ecgview.studies.agreement.tables import write_agreement_tables
    from ecgview.studies.agreement.task import AgreementTask

    if options.output:
        check_folder(options.output)
    task = AgreementTask(
        data_dirs=tuple(options.data),
        input_sets=INPUT_SETS,
        models=tuple(options.model or ()),
        folds=options.folds,
        records=options.records,
        subsets=(SUBSET,),
        device=options.device,
        command=shlex.join(("ecgview", *options.words)),
        cache=options.cache,
    )
    report = report_of(agreement_events(task))
    found = claims(report)
    print(_as_text(found) or f"No figures: {report.subset(SUBSET).reason}.")
    if options.output:
        written = [*write_agreement_tables(report, options.output)]
        written.append(write_claims(found, options.output))
        print(f"ecgview: {len(written)} files are in {options.output}", file=sys.stderr)
    return 0


def _as_text(found: tuple[Claim, ...]) -> str:
    lines: list[str] = []
    said = ""
    for one in found:
        if one.claim != said:
            said = one.claim
            lines.append(f"{said}; in the paper: {one.theirs}" if one.theirs else said)
        leads = ", ".join(one.available)
        lines.append(f"  {one.agrees:<8}{one.model} from {leads} (n {one.patients}): {one.ours}")
    return "\n".join(lines)
