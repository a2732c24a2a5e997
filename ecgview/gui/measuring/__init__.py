"""Measuring on the paper: calipers, crosshair, the file's annotations and the user's notes."""
