"""The training page: choose recordings and a recipe, watch a network learn, compare runs."""
