"""How a determination is cited. A citation names a letter as its readers can find it again."""
