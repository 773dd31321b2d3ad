"""Prefect flows: schedule, retries, logs, artifacts. No decisions."""
