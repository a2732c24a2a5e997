"""Make a reconstruction personal: learn from a full ECG of the same person, in closed form."""
