"""The soak: mixed load for half an hour, with readings of memory, files, connections and keys."""
