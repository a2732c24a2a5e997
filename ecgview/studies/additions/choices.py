"""What to add to the leads, or electrodes, that one has: ranked by the error that remains."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ecgview.engine.cards import set_key
from ecgview.engine.input_sets import known_leads
from ecgview.errors import LeadError
from ecgview.leads import LEADS, in_order
from ecgview.studies.additions.electrodes import BUDGETS, electrode_sets, leads_of
from ecgview.studies.additions.set_errors import SetErrors

CRITERION = (
    "Error: mean RMSE over all eight independent leads (I, II, V1 to V6), measured ones counting "
    "0, so that every choice is judged over the same leads; PCC: mean over those that remain."
)


@dataclass(frozen=True)
class Choice:
    """One way to go on.

    Attributes
    ----------
    adds : tuple of str
        Leads, or electrodes, that it adds; empty for what one has.
    same : tuple of str
        Leads that would tell exactly the same in place of the one added.
    available : tuple of str
        The leads that one then has.
    error_uv : float
        Expected error that remains; see `CRITERION`.
    gain_uv : float
        How much less that is than before; not a number where nothing could be rebuilt before.
    pcc : float or None
        Mean PCC over what remains; None where nothing does.
    behind_uv : float
        How much more error than the best choice leaves.
    half_width_uv : float or None
        Half of the 95 % interval of that, over patients; None where it is not known.
    """

    adds: tuple[str, ...]
    same: tuple[str, ...]
    available: tuple[str, ...]
    error_uv: float
    gain_uv: float
    pcc: float | None
    behind_uv: float
    half_width_uv: float | None

    @property
    def is_alike(self) -> bool:
        """Whether it cannot be told apart from the best choice."""
        return self.half_width_uv is not None and self.behind_uv <= self.half_width_uv


@dataclass(frozen=True)
class Ranking:
    """Choices from one starting point, best first.

    Attributes
    ----------
    available : tuple of str
        The leads that one has; may be empty.
    error_uv : float
        Expected error of these; not a number where they are none.
    pcc : float or None
        Mean PCC over what they leave to rebuild.
    choices : tuple of Choice
        Empty where nothing can be added.
    """

    available: tuple[str, ...]
    error_uv: float
    pcc: float | None
    choices: tuple[Choice, ...]

    @property
    def alike(self) -> tuple[Choice, ...]:
        """The best choice and those that cannot be told apart from it."""
        return tuple(one for one in self.choices if one.behind_uv == 0 or one.is_alike)


def lead_additions(
    available: Collection[str], leads: Collection[str] = LEADS
) -> list[tuple[str, ...]]:
    """List what one lead more can be, leads that tell the same together.

    Parameters
    ----------
    available : collection of str
        Leads that one has.
    leads : collection of str
        Those to choose from.

    Returns
    -------
    list of tuple of str
        Any of a group gives the same knowledge: with I known, II, III, aVR, aVL and aVF do.
    """
    known = known_leads(in_order(available))
    groups: dict[str, list[str]] = {}
    for lead in in_order(leads):
        if lead not in known:
            groups.setdefault(set_key((*available, lead)), []).append(lead)
    return [tuple(group) for group in groups.values()]


def rank_leads(
    errors: SetErrors, available: Collection[str], leads: Collection[str] = LEADS
) -> Ranking:
    """Rank what one lead more brings.

    Parameters
    ----------
    errors : SetErrors
        Of the model, or of one recording.
    available : collection of str
        Leads that one has; none is allowed.
    leads : collection of str
        Those to choose from.

    Raises
    ------
    LeadError
        If the model has no figures for these leads.
    """
    have = in_order(available)
    options = [
        (group[:1], group[1:], in_order((*have, group[0])))
        for group in lead_additions(have, leads)
        if errors.has((*have, group[0]))
    ]
    return _ranked(errors, have, options)


def rank_electrodes(errors: SetErrors, budget: int, have: Collection[str] = ()) -> Ranking:
    """Rank the ways to place so many electrodes.

    Parameters
    ----------
    errors : SetErrors
        Of the model, or of one recording.
    budget : int
        How many electrodes, those placed already among them.
    have : collection of str
        Electrodes that are placed already.

    Raises
    ------
    LeadError
        If there is no such way, or the model has no figures for these leads.
    """
    options = [
        (tuple(name for name in one if name not in have), (), leads_of(one))
        for one in electrode_sets(budget, have)
    ]
    try:
        before = leads_of(have)
    except LeadError:  # they give no lead yet
        before = ()
    return _ranked(errors, before, [option for option in options if errors.has(option[2])])


def best_by_budget(errors: SetErrors, have: Collection[str] = ()) -> dict[int, Choice]:
    """Give the best way to place each number of electrodes beyond, or just, those one has."""
    best = {}
    for budget in BUDGETS:
        try:
            ranking = rank_electrodes(errors, budget, have)
        except LeadError:
            continue
        if ranking.choices:
            best[budget] = ranking.choices[0]
    return best


def greedy_path(errors: SetErrors, available: Collection[str]) -> tuple[Choice, ...]:
    """Add the best lead again and again, until all are known or figures end."""
    path: list[Choice] = []
    have = in_order(available)
    while choices := rank_leads(errors, have).choices:
        path.append(choices[0])
        have = choices[0].available
    return tuple(path)


def _ranked(
    errors: SetErrors,
    have: tuple[str, ...],
    options: Sequence[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]],
) -> Ranking:
    if have and not errors.has(have):
        raise LeadError(
            f"The model has no figures for {', '.join(have)}.",
            "`ecgview evaluate --inputs all --into-card` makes them.",
        )
    now_uv = errors.error_uv(have) if have else float("nan")
    ordered = sorted(options, key=lambda option: errors.error_uv(option[2]))
    best = ordered[0][2] if ordered else ()
    choices = tuple(
        Choice(
            adds,
            same,
            available,
            error_uv := errors.error_uv(available),
            now_uv - error_uv,
            errors.mean_pcc(available),
            error_uv - errors.error_uv(best),
            errors.half_width_uv(available, best),
        )
        for adds, same, available in ordered
    )
    return Ranking(have, now_uv, errors.mean_pcc(have) if have else None, choices)
