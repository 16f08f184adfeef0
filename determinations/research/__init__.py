"""What a person gathers and follows: the research folder, saved searches and their alerts."""
