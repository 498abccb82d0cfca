"""The soak: mixed load for half an hour, with memory, files, connections and keys read."""
