"""Backups: a folder with the database, the original letters and a manifest; and a site made of one."""
