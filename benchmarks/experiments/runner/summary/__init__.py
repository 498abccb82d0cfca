"""The figures that several experiments have in common: of a claim, an arm, a trial."""
