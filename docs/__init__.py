"""The documentation: guides written by hand, and a reference generated from the code."""
