"""Measures what one core of the load generator carries: users, and arrivals a second.

The target is a stub that responds at once, so that the generator and no target is measured.
"""
