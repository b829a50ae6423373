"""What the program does, one module per command: each reads like the job it names."""
