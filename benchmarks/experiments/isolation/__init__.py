"""Isolation: which tests fail when one component is broken, and how soon that is known.

Small, realistic mistakes are planted, each equally on both sides, in a commit beside the tree
(`catalogue/`). The suites that the change can reach are run, each alone in a folder of its own.
The two sides are compared by the owners of the tests that fail and by the time until the first
failure. No load is generated, so there are no trials.
"""

NAME = "isolation"
TITLE = "Isolation: which tests fail when one component is broken, and how soon"
