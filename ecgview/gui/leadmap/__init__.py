"""The page *Lead map*: how well each lead comes back from each set of leads."""
