"""Deploy: what a release takes, what goes out with it, and who notices while it happens.

The same change is released on both sides under the same steady arrivals of people who sign in,
submit, read and open the page. A release is a commit, an artifact built from its own lock, new
processes beside the old, the edge switched, the old drained (`benchmarks/targets/releases`).

Sweeps (`sweeps` has their arms):

* releases: each scenario of `changes.releases` on both architectures
* steady: the version that serves, released again and again, one unit of each architecture after
  the other

Each claim is a ratio of two measurements of one block, its interval is over the blocks.
"""

NAME = "deploy"
TITLE = "Deploy: what a release takes, and who notices"
