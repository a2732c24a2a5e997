"""What was done by hand as a script: commands, Python programs, and the methods of a paper."""
