"""What no polite client sends, and more clients at once than usual."""
