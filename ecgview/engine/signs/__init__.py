"""Signs that a recording is not like those a model was trained on: sentences, never a refusal."""
