"""What is usual, and how often signs are right: thresholds on folds 1-8, rates on fold 9."""
