"""The clients of a capture as people and programs read them: sentences, text, JSON."""
