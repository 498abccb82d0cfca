"""Isolation: what breaks when one part breaks, and how soon that is known.

Small, realistic mistakes are planted, each equally on both sides, in a commit beside the tree
(`catalogue/`). The suites that the change can reach are run, each alone in a folder of its own.
Who sees red, whose tests are taken along, and how long it takes until that is known is compared;
nothing here is loaded, so there are no trials.
"""

NAME = "isolation"
TITLE = "Isolation: what goes red when one part is broken, and how soon"
