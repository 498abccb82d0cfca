"""Whether a version may be released: held against the versions of the others that run now."""
