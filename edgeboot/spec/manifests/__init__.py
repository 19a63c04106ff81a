"""What is deployed, read from the manifests as a cluster would read it."""
