"""Many segments at once: how each stands, since when, and which cause many of them have."""
