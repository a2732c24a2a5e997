"""The models and all that runs them: the only room that imports torch."""
