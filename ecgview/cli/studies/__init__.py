"""The studies of ``ecgview study``: one file each, written like commands."""
