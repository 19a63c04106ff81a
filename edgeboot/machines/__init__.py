"""Edge nodes that can be powered on: virtual and real machines, and their consoles. Knows no DHCP."""
