"""Beats in the window: R peaks and waves over the page, rate and RR beside it, the average beat."""
