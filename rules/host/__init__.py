"""What a rule sees: objects built from a Scene, plain data in; an Outcome comes out, plain data again."""
