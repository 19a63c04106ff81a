"""The wire: namespaces, links, ports and frames. Knows nothing of DHCP."""
