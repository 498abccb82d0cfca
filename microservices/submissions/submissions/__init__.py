"""Submissions: the images that accounts submit, from the request to the outcome."""
