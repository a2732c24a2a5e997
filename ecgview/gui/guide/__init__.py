"""The guide: one page per task, shipped with the program."""
