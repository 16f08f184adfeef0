"""One determination as its page shows it, the comparison of its two sides, and similar items."""
