"""Recognition: fetches an image, finds the faces, stores image and result."""
