"""Printing: pages of ECG paper to scale as PDF, SVG, PNG and on a printer, and the report."""
