"""The mutations of the schema: thin, what they do is in `olagraph_api.changes`."""
