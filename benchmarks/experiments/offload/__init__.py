"""Offload: where images are recognized, and what users of the API notice of it.

"The machine is busy listening, so trigger a function": an image is recognized in the request, in a
worker, or in a function (AWS Lambda, emulated), while users sign in, submit and read at set rates.

Sweeps (`sweeps` has their arms and sizes):

* busy: steady arrivals of readers, submitters and users who sign in
* waiting: the same, with a recognizer that is waited for and takes no CPU
* step: a step in the arrivals; workers are scaled out by an order, functions by themselves
* cold: a function's first submission at rest, after idle, and in a burst

Recognition in the request exists on the monolith alone, planted (`code_override`). The services
have no such form: the recognition service has no API that a request could wait for.

A function has no core of the API's on AWS. Here its emulator and all of its environments have what
the load generator leaves of the other core (`apart`), so they are slower than on AWS and never
faster. What it costs to share the API's core is measured beside it, and so is a worker that is
apart: it has a machine of its own without being a function.
"""

NAME = "offload"
TITLE = "Offload: what users notice of where images are recognized"
