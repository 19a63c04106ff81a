"""Many segments."""
