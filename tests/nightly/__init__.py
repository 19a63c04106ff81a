"""The nightly run by Kubernetes, rehearsed: a cluster of four nodes, and a segment for each worker."""
