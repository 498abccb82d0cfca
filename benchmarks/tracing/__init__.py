"""Traces of submissions: a receiver of spans, a client that begins traces, and what is drawn."""
