"""What is measured on a recording: beats, rate and intervals, waves, amplitudes.

Two finders of beats live in the house, for two purposes. R peaks that people see, with rate and RR
intervals, come from neurokit2 (`rhythm_search`). QRS onsets and offsets, which the windows of
averages and tables need, come from `ecgview.signals.beats`; where the two disagree on a stretch, no
rate is given for it.
"""
