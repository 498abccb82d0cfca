"""Deploy: what a release takes, what goes out with it, and how requests fare meanwhile.

The same change is released on both sides under the same steady arrivals of users who sign in,
submit, read and open the page. A release is a commit, an artifact built from its own lock, new
processes beside the old, the edge switched, the old drained (`benchmarks/targets/releases`).

Sweeps (`sweeps` has their arms and sizes); each releases scenarios of `catalogue.releases`:

* releases: a field that the API gains, which the claims about one release are judged by
* two-teams: two changes at the same moment
* components: changes to the other components, by which the same claims are measured otherwise
* others, column: an upgrade of the recognizer, releases that are undone, a column more
* steady: the version that serves, released again and again, one unit after the other

Each claim is a ratio of two measurements of one block, its interval is over the blocks.
"""

NAME = "deploy"
TITLE = "Deploy: what a release takes, and who notices"
