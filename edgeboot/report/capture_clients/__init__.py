"""The clients of a capture: whose packets are whose, who each is, how far it came, and why no further."""
