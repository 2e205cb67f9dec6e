"""The subscriptions of the schema: what has changed since the last event."""
