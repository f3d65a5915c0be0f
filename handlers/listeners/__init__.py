"""One function for each thing a person does: read what came, call one flow, show one answer."""
