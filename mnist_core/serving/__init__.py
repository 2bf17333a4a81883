"""What stands between the network and the pages, in Starlette's words: who is answered, and how much."""
