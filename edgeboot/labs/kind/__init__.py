"""The kind lab: a real kind cluster, a real libvirt bridge, the Pod itself."""
