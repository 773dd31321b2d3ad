"""What is in infra/, run for real on loopback: the same files, with ports and folders of the test."""
