"""The use cases: intake, master, plan, publish, verify. Sees ports, never adapters."""
