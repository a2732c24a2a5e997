"""The library page: a data set to browse, and what it says of the recording shown."""
