"""Documents: mail, PDF, Word, web pages, texts and archives of them, read as rows of text.

This file imports nothing, so that the child process that reads a document starts fast.
"""
