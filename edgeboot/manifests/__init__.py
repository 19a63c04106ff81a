"""What is deployed, read from ``manifests/``, its only description."""
