"""Figures for papers: the only room that imports matplotlib (figure objects, never pyplot)."""
