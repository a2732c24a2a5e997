"""Teaching mode: guess, then reveal."""
