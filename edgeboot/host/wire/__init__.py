"""Raw Ethernet access: ports, frames, ARP, neighbours and capture files; independent of DHCP."""
