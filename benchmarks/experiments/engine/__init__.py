"""What every experiment stands on: cores, blocks, trials, conformance, the results folder."""
