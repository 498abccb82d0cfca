"""Contract: changes that break a client and changes that don't, offered to both architectures.

Each is a commit of one unit. Every gate checks it by itself, so that the matrix shows which gates
would stop it before its release, and how soon.
"""

NAME = "contract"
TITLE = "Contract: what stops a breaking change before it is released"
FILE = "contract.json"  # the verdicts of the gates, in a run's folder
