"""Contract: changes that break somebody, and such that don't, offered to both architectures.

Each is a commit of one unit. What would stop it before it is released is asked of every gate by
itself, so that the matrix says which ones would have, and how soon.
"""

NAME = "contract"
TITLE = "Contract: what stops a change that breaks somebody, before it is released"
FILE = "contract.json"  # what the gates said, in a run's folder
