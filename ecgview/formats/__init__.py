"""Readers and writers, one file format each, and the table that chooses among them."""
