"""Importing: what a file does not say, or says wrongly, is asked for, corrected and undone."""
