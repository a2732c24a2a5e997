"""The page *Agreement*: markers of every reconstructed lead over a data set, and what they say."""
