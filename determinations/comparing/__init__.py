"""Disputed items side by side, and one item's two sides face to face."""
