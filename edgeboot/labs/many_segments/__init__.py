"""Many segments, verified by Kubernetes: ``segments.toml``, and the objects that are made of it."""
