"""The record of processing activities (GDPR art. 30), what it lacks, and inputs to a DPIA.

`gather` collects it in no language; `render` writes it in one.
"""
