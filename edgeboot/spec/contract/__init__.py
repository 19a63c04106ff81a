"""What an edge node must get, and how its server may differ from others."""
