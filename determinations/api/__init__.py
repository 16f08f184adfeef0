"""The search and the letters as JSON, for programs: shapes, their description, and how they are filled."""
