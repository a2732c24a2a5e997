"""The check of the frozen application; see ``__main__``."""
