"""The desk: the counsellors' own web app, at its own address, over the same handoff as the young person's page."""
