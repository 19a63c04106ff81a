"""What a capture shows of several clients or hosts together, beside one client's own way."""
