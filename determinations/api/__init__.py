"""The API, which gives searches and letters as JSON: its schemas, its description and its responses."""
