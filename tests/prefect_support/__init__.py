"""A real Prefect server for tests, and questions to it."""
