"""What to record next: which lead, or which electrodes, help most beside those one has."""
