"""A control plane of Kubernetes on loopback, without Docker and without a kubelet."""
