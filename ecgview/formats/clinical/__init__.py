"""Readers of the formats that electrocardiographs, Holter recorders and archives export."""
