"""The site and Datasette as web servers on the same items, and clients that ask them for pages."""
