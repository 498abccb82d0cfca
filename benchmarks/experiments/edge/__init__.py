"""Edge: the page, its assets and stored images from the edge, against from the application.

Each trial deploys an architecture once. The same requests go both ways through the same edge, in an
order that alternates from block to block. In one way the edge sends the files of a release and
passes requests for images on to the object store; in the other the application sends both
(`code_override`), and the edge passes everything on. So the edge's own CPU counts on both sides.
"""

from typing import Final

from benchmarks.results_model.edge import Way

NAME = "edge"
TITLE = "Edge: files and images from the edge, against from the application"
FROM_EDGE: Final = "edge"
FROM_APPLICATION: Final = "application"
WAYS: tuple[Way, ...] = (FROM_EDGE, FROM_APPLICATION)
