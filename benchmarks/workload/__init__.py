"""The load: the tasks of simulated users, and the generator process of the experiments.

`tasks`, `users`, `accounts`, `shapes` and `arguments` need nothing but Locust, and neither do the
modules of an open load: `arrivals`, `admission_queue`, `slots`, `locust_arrivals`. So any Locust
user can build on them. The rest (`generator` and what it imports) is the process that the
experiments start.
"""
