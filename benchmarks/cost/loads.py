"""The loads at which costs are computed, in submissions a day."""

import numpy as np

from benchmarks.cost.sizing import Values

LOWEST, HIGHEST = 2, 8  # powers of ten
FEW, MANY = 1e4, 1e7  # of the claims
LOADS: Values = np.array([10.0**power for power in range(LOWEST, HIGHEST + 1)])
GRID: Values = np.array([10 ** (LOWEST + step / 20) for step in range(20 * (HIGHEST - LOWEST) + 1)])
RATIO_LOADS: Values = np.array([1e3, 1e5, 1e7])
