"""Letters removed for good: what would go, the removal itself, and what people wrote about them."""
