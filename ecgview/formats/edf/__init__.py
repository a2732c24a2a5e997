"""EDF, EDF+ and BDF: header, samples and annotations."""
