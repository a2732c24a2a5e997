"""How well estimated amplitudes agree with recorded ones, over the people of a data set.

The analysis of Presacan et al. (2025) on any data set: markers of every reconstructed lead against
those that were recorded, and what the two amount to. Numbers only; `ecgview.export` draws them.
"""
