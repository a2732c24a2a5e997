"""Files of named arrays: MATLAB, NumPy, HDF5, Parquet."""
