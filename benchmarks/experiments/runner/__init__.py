"""The runner: trials, blocks, order, resumption, progress, validity, and the generic summary.

It knows no experiment. An experiment implements `runner.experiment.Experiment`: with sweeps and
trials (`runner.trial_experiment`), or with a catalogue of changes (`runner.catalogue_experiment`).
"""
