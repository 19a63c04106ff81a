"""One edge node on the wire: its exchanges, its lease, its boot; and crowds of them."""
