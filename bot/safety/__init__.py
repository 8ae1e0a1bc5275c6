"""How serious is it? Pure rules over what was heard; no Rasa, no database, no clock."""
