"""The configuration: one TOML file and the environment, read once into frozen models."""
