"""A person's research: the research folder, saved searches and their alerts."""
