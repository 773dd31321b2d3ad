"""The flows against a real Prefect engine."""
