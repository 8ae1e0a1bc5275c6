"""The handoff: from the bot to a human counsellor, on the young person's terms. Speaks no HTTP."""
