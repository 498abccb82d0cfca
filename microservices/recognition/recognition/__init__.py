"""Recognition: consumes requests, finds the faces, stores image and result, publishes outcomes."""
