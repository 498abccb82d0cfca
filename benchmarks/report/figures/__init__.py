"""The figures, each from plain lines and numbers, independent of the experiments."""
