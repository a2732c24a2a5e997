"""What calibrating to a person is worth: learnt on one recording, tried on another of theirs."""
