"""How a program takes into memory what it keeps until it ends."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """What is loaded meanwhile is kept: no garbage is looked for, neither now nor in it later.

    Looking costs a quarter of the start, a second of every process at its end, and the memory
    that processes could share. What was loaded before may be garbage again.
    """
    gc.unfreeze()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
