"""How a study of agreement is made, in the words of its report, with the sources."""

from __future__ import annotations

METHODS = (
    "Ten seconds of each recording are prepared as for ecgview's tables. The model is given the "
    "available leads, at its own rate and with their medians removed, and nothing else. Recorded "
    "amplitudes are measured at 500 samples a second as they were recorded, reconstructed ones at "
    "the same rate with what the model carries; nothing is filtered. Of each patient the first "
    "usable recording counts, so that each number in a statistic is another person.",
    "A measured lead gives the windows of each beat (QRS, J point, P and T wave) and the PR "
    "baseline. In those windows P and T are the signed extremes, R the maximum of QRS, S the "
    "minimum after it, and ST the value 60 ms after J; each is taken in each beat from the PR "
    "baseline, and the median over the beats is kept. Real and reconstructed lead share the "
    "windows, not the instants.",
    "Bias is the mean of reconstructed minus real amplitude, with the interval and the two-sided "
    "paired test of Student's t. Variances between people are compared by the F-test, which takes "
    "the two for independent, and by the test of Pitman and Morgan, which knows that they are "
    "pairs. Limits of agreement are the bias and 1.96 standard deviations of the differences. "
    "Other intervals are percentiles over draws of patients; all are 95 % intervals.",
    "v is the variance of reconstructed over that of real amplitudes, and r their correlation. "
    "The slope of real on reconstructed amplitude is r divided by the root of v: 1 where v is "
    "r squared, and then the estimate is calibrated. Where the interval of v less r squared lies "
    "below zero the estimate is over-shrunk, which a recalibration mends; where it lies above, "
    "variance is invented. An interval that holds zero but reaches a quarter of the real variance "
    "away from it leaves it undecided. The share of the error that the real amplitude explains is "
    "(1 - r root v) squared over (1 + v - 2 r root v): 1 - r squared for a calibrated estimate, so "
    "that it is large wherever little is known, and says nothing against a model by itself. r "
    "squared is a lower bound on what the available leads tell; the best of any model in the table "
    "is the nearest thing to that limit.",
    "Matrices hold the squared correlation of the amplitudes of two leads over patients, among "
    "recorded and among reconstructed leads.",
)

SOURCES = (
    "Presacan et al. 2025: the analysis, on normal ECGs of PTB-XL from lead I, and from I and II.",
    "Bland and Altman 1986, 1995: differences over means, limits of agreement, and why differences "
    "over one of the two lean.",
    "Pitman 1939; Morgan 1939: a test of two variances of correlated samples.",
    "Holm 1979: many tests at once.",
    "Makowski et al. 2021: NeuroKit2, which finds the waves.",
)
