"""How well choices made on some recordings serve others: what they leave beyond the best there."""

from __future__ import annotations

from dataclasses import dataclass

from ecgview.engine.input_sets import distinct_sets
from ecgview.studies.additions.choices import rank_leads
from ecgview.studies.additions.set_errors import SetErrors


@dataclass(frozen=True)
class Regret:
    """What choices of one lead more cost on other recordings, over all sets to begin with.

    Attributes
    ----------
    sets : int
        Sets that leave a choice.
    same : int
        How many of them have the same best addition on both.
    mean_uv, worst_uv : float
        How much more error the choice leaves than the best choice there, in uV.
    worst : tuple of str
        The set of the worst case.
    """

    sets: int
    same: int
    mean_uv: float
    worst_uv: float
    worst: tuple[str, ...]

    def words(self) -> str:
        """Say it in a sentence."""
        return (
            f"for {self.same} of {self.sets} sets the best lead to add is the same there; the "
            f"choice leaves {self.mean_uv:.2f} uV more than the best on average, at most "
            f"{self.worst_uv:.1f} uV ({', '.join(self.worst)})"
        )


def regret(errors: SetErrors, others: SetErrors) -> Regret:
    """Make all choices by some errors, and judge them by the errors on other recordings.

    Parameters
    ----------
    errors, others : SetErrors
        Both of all sets.
    """
    costs: dict[tuple[str, ...], float] = {}
    for leads in distinct_sets():
        choices = rank_leads(errors, leads).choices
        if len(choices) > 1:
            best_uv = rank_leads(others, leads).choices[0].error_uv
            costs[leads] = others.error_uv(choices[0].available) - best_uv
    worst = max(costs, key=lambda leads: costs[leads])
    same = sum(cost == 0 for cost in costs.values())
    return Regret(len(costs), same, sum(costs.values()) / len(costs), costs[worst], worst)
