"""WFDB records (PhysioNet): header, samples and annotations."""
