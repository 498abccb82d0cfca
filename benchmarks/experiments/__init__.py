"""The experiments: one file per question, and the engine that runs their trials."""
