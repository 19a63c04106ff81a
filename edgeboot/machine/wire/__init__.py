"""The wire: ports, frames and neighbours. Knows nothing of DHCP."""
