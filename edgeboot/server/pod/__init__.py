"""The server's Pod, through the Kubernetes API."""
