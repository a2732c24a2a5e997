"""Network and linear architectures, one a file."""
