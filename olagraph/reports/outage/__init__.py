"""The impact of an outage, one file a format."""
