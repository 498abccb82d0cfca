"""The load: the tasks of simulated users, and the generator process of the experiments.

`tasks`, `users`, `accounts`, `shapes` and `arguments` need nothing but Locust, and neither do the
modules of an open load (`arrivals`, `admission_queue`, `slots`, `locust_arrivals`) and of a run's
report (`run_report`, `run_summary`). So any Locust user can build on them, and the container image
of a load has nothing else. The rest (`generator` and what it imports) is the process that the
experiments start.
"""
