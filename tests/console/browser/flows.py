"""What a flow through the forms of the console is, and where every flow is kept."""

from __future__ import annotations

ANNA, CLEO, MAYA = "Anna Osei", "Cleo Hart", "Maya Lind"
ONE = "/concerns/{reference}"
DOOR = {"/sign-in", "/sign-out"}  # on the way to many others
FLOWS = {}


def drives(*posts: str, who: str = ""):
    """A flow that a test walks, and the addresses that its forms post to."""

    def keep(flow):
        FLOWS[flow.__name__] = (flow, {one.replace("ONE", ONE) for one in posts}, who)
        return flow

    return keep
