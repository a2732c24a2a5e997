"""Data sets as catalogues: who is in a folder, what is said of each recording, and finding it."""
