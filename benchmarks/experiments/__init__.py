"""The experiments: one package for each question, and the runner that they have in common.

Each package has the same modules: `claims` (what is claimed), `sweeps` (what each profile runs),
`run` (its `EXPERIMENT`), `summary` (its entry in `results.json`). `registry` lists the packages.
"""
