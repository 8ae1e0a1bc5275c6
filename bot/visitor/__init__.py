"""The young person's page: template, style and script."""
