"""A host's packet filter, nftables or iptables: read, and asked which rule drops a datagram."""
