"""What a reader carries off: the result list as a table, chosen items as a brief to print or to edit."""
