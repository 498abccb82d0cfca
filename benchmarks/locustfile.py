"""The Locust file: people who use the image flow, against any host that keeps the contract.

    locust -f benchmarks/locustfile.py --host http://127.0.0.1:8080
    locust -f benchmarks/locustfile.py --host http://127.0.0.1:8080 --headless -u 10 -r 2 -t 1m

Needs nothing but Locust. Each simulated user signs up once, then submits images, waits until they
are ready, reads the results, and looks around in between; README.md lists the tasks, their weights
and the arguments. The row "FLOW submit to ready" is the time from a submission's first byte to its
final state: what a person waits for.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # whatever folder Locust runs in

from benchmarks.workload.users import MixedUser


class Visitor(MixedUser):
    """A person at the page."""
