"""What no polite client sends."""
