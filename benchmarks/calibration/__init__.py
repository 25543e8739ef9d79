"""The tables that the confidence of the column scanner is fitted on, and the fit."""
