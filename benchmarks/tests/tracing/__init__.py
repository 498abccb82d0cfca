"""Tests of the receiver of spans, and of what is drawn of a trace."""
