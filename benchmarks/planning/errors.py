"""The errors of planning.

PlanningError
"""


class PlanningError(ValueError):
    """Results without what a plan needs, or a load that can't be planned; one sentence."""
