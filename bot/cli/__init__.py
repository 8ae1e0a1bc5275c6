"""Commands, one file each. The only readers of the environment and of argv."""
