"""Pictures of every message and modal for the documents, taken of the demo's own page."""
