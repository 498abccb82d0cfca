"""Price a run: read what its trials measured, apply the cost model to it, judge the claims.

`operation_counter` counts what no run records. The model itself is `benchmarks.cost`.
"""
