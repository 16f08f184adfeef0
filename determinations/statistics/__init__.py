"""How often denials are overturned, in the letters of this site. Counts come from the search index."""
