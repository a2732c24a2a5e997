"""Signal processing on plain arrays: numpy and scipy only."""
