"""Recognition: fetches an image, finds the faces, stores the picture and the result."""
