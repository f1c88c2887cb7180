"""The Web API: one function for each method, all in ``table``."""
