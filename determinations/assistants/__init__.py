"""The search for assistants, as tools of the Model Context Protocol (docs/api.md)."""
