"""What a browser sends with a file."""

_SENT_AS = {"%22": '"', "%0D": "\r", "%0A": "\n"}


def own_name(sent: str) -> str:
    """Return a file's name as its owner has it.

    Args:
        sent: as the browser sent it: the HTML standard has quotes and line breaks written as %22, %0D, %0A.
    """
    for escaped, sign in _SENT_AS.items():
        sent = sent.replace(escaped, sign)
    return sent
