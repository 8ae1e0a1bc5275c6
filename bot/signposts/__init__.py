"""Who can help: the directory of services and the rules that choose from it. Pure: data and a time in, a choice out."""
