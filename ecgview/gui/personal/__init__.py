"""Calibrating to the person: asked for, said, and taken back."""
