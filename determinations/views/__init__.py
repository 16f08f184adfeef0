"""The pages. Each view reads its request, asks the layers below, and hands values to a template."""
