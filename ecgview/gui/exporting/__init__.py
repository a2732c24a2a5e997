"""Exporting: recordings and reconstructions saved in any format, folders converted."""
