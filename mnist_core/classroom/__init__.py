"""Classes: who is in one, what they drew, what was read, what people say it is. All of it in a database."""
