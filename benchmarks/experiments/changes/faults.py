"""The catalogue of the isolation experiment: mistakes that people make, each on both sides."""

from benchmarks.experiments.changes import (
    faults_accounts,
    faults_contracts,
    faults_imaging,
    faults_recognition,
    faults_submissions,
)
from benchmarks.experiments.changes.faulting import Fault

_PARTS = (
    faults_accounts,
    faults_submissions,
    faults_recognition,
    faults_imaging,
    faults_contracts,
)

FAULTS: tuple[Fault, ...] = tuple(fault for part in _PARTS for fault in part.FAULTS)
# One a part that only changes a comment: nothing may go red.
NULLS: tuple[Fault, ...] = tuple(fault for part in _PARTS for fault in part.NULLS)
