"""The import pages of the admin: each view reads its request and asks the import modules."""
