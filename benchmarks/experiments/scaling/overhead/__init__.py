"""What each side needs above the least that the work takes, measured beside each other.

A trial deploys one side with the floor's loop and minimal endpoints on the same cores, and goes
through the parts of `parts` in several rounds, one part after the other. Each part begins and ends
while nothing is under way, so that no submission is cut by the edge of a window.
"""
