"""What the tests of the buckets share: the two real ones, and a front that makes a store misbehave."""
