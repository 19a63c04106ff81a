"""Many edge nodes at once: how many a server boots, how fast, and what becomes of the others."""
