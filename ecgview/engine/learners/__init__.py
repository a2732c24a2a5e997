"""What each recipe trains, one a file."""

from __future__ import annotations

from ecgview.engine.learners.anylead import AnyLeadLearner
from ecgview.engine.learners.lead_set import LeadSetLearner
from ecgview.engine.learners.learner import Learner

LEARNERS: dict[str, type[Learner]] = {
    learner.recipe: learner for learner in (AnyLeadLearner, LeadSetLearner)
}
"""Learners by the name of their recipe."""
