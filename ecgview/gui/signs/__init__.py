"""Signs that the recording shown is not like those the model was trained on."""
