"""The embedded lab: network namespaces of this machine, the Pod's container without a cluster."""
