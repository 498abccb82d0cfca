"""The claims of the edge experiment: CPU time of a visit, from the application and from the edge.

Each block's value is the mean over the architectures that the run has.
"""

from benchmarks.experiments.edge.sweeps import SWEEP
from benchmarks.experiments.runner.claim import Claim
from benchmarks.results_model.claims import Scale

APPLICATION, EDGE = "from the application", "from the edge"
_SAME_FILES = "both ways send the same files of a release: hashed names, Brotli copies made before"
_SAME_EDGE = "both ways go through the same edge, on the same core"

PAGE_CPU = Claim(
    name="page-cpu",
    statement="A page view costs the application less CPU where the edge sends the files.",
    measure="CPU-ms of the application's web processes for a first visit, page and assets together",
    sweep=SWEEP,
    unit="ms",
    first=APPLICATION,
    second=EDGE,
    smallest=1.0,
    scale=Scale.DIFFERENCE,
    depends=(
        _SAME_FILES,
        "the page has 25 files; a bundle of three would cost the application an eighth of it",
        "the smallest effect, 1 CPU-ms a visit, is some 2 % of what a submission costs",
    ),
)
PAGE_TOTAL = Claim(
    name="page-total-cpu",
    statement="A first visit costs less CPU in all where the edge sends the files.",
    measure="CPU-ms of all processes, the edge's included, for a first visit",
    sweep=SWEEP,
    unit="ms",
    first=APPLICATION,
    second=EDGE,
    smallest=0.10,
    sentence="from the application a first visit costs {times} the CPU",
    depends=(_SAME_FILES, _SAME_EDGE),
)
IMAGE_CPU = Claim(
    name="image-cpu",
    statement="An image by a signed URL costs the application less CPU than one that it sends.",
    measure="CPU-ms of the application's web processes for one stored image of 68 kB",
    sweep=SWEEP,
    unit="ms",
    first=APPLICATION,
    second=EDGE,
    smallest=0.10,
    sentence="an image that the application sends costs it {times} the CPU",
    depends=(
        "the URL is signed for each request; the application still checks the token and the row",
        "the image's size: signing costs the same for any",
    ),
)
IMAGE_TOTAL = Claim(
    name="image-total-cpu",
    statement="An image costs less CPU in all where the edge takes it from the store.",
    measure="CPU-ms of all processes, edge and object store included, for one stored image",
    sweep=SWEEP,
    unit="ms",
    first=APPLICATION,
    second=EDGE,
    smallest=0.10,
    sentence="an image that the application sends costs {times} the CPU in all",
    depends=(_SAME_EDGE, "from the edge an image takes two requests: the redirect and the image"),
)
CLAIMS = (PAGE_CPU, PAGE_TOTAL, IMAGE_CPU, IMAGE_TOTAL)
