"""An assessment, one file a format."""
