"""What a load beyond the measured machine needs, by a queueing simulation that was validated.

Pure functions and typed documents; nothing here runs a target. The service times come from the
committed profile, the speed of a run's machine from the floor of that run, and the validation
compares the simulation with sweeps that neither was taken from.
"""
