"""How often denials are overturned, among the letters held here. Counts come from the search index."""
