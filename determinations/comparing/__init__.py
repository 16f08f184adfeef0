"""Disputed items side by side."""
