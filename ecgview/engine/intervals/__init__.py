"""Calibrated intervals: how far a recorded lead may lie from its estimate, sample by sample."""
