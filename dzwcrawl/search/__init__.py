"""Searching texts for any part of them: how text becomes tokens, what a query means, what of a text a hit shows."""
