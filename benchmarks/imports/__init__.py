"""What an import takes, from files on disk to searchable letters, beside two simpler ways."""
