"""Recognition: takes requests from its queue, finds the faces, stores the result, tells so."""
