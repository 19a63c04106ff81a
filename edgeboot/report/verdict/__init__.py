"""The words of a whole run: would edge nodes boot, and each cause of its failures once."""
