"""What a cluster is put through: admission, capabilities, power loss, a second Pod."""
