"""The pages of the reference, each a function that returns Markdown."""
