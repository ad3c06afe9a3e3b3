"""Mutated pages: whatever a server sends, `extract` answers with an article or a named refusal, and soon."""
