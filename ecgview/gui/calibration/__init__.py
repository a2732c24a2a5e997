"""True millimetres on screen: measured with a bank card or a ruler, remembered for each screen."""
