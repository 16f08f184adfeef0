"""The import pages of the admin: each view reads its request and calls the import modules."""
