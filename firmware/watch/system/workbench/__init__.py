"""What a computer asks a development image for, once it has interrupted the watch (docs/updates.md).

Every function here prints blocks (`blocks.py`). `tapwatch screenshot`, `logs`, `backup` and `restore` call them through
the raw REPL; nothing else does, and a release image opens no REPL.
"""
