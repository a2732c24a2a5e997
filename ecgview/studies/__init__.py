"""The papers' studies, run on data at hand: numbers first; figures are drawn elsewhere."""
