"""Statistics of the pages: pure functions of counts; no Streamlit, no files, no database.

Counts of residents come as published: shared_low and shared_high (equal in exact blocks) out of asked. Every function
reads a range so that the answer holds for any value in it.
"""

from dashboard.statistics.changes import Change, change_at
from dashboard.statistics.clustering import (
    Clusters,
    DesignEffect,
    Tally,
    design_effect,
    needs_reference,
    reference_design_effect,
)
from dashboard.statistics.differences import CANNOT_TELL, DIFFERS, Difference, Rate, difference, level_for
from dashboard.statistics.discovery import false_discovery
from dashboard.statistics.funnel_limits import ALARM_Z, FEWEST_AGENCIES, WARNING_Z, Funnel, funnel
from dashboard.statistics.intervals import rate_interval, wilson
from dashboard.statistics.shrinkage import BetaPrior, fit_beta, shrunken_rates
from dashboard.statistics.spike_test import spikes

__all__ = [
    "ALARM_Z",
    "CANNOT_TELL",
    "DIFFERS",
    "FEWEST_AGENCIES",
    "WARNING_Z",
    "BetaPrior",
    "Change",
    "Clusters",
    "DesignEffect",
    "Difference",
    "Funnel",
    "Rate",
    "Tally",
    "change_at",
    "design_effect",
    "difference",
    "false_discovery",
    "fit_beta",
    "funnel",
    "level_for",
    "needs_reference",
    "rate_interval",
    "reference_design_effect",
    "shrunken_rates",
    "spikes",
    "wilson",
]
