"""The same application, whose worker doesn't repair a lost prefetch slot."""

from config.progress import ProgressStep
from tests.stall_tasks import app

__all__ = ["app"]

ProgressStep.repairs = False
