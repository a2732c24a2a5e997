"""Reader of DICOM waveform objects that hold an ECG."""
