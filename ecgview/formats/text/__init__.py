"""Text files: one row a sample, one column a lead."""
