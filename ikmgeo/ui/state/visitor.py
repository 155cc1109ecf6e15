"""Whose browser this is, as far as the connection tells."""

from urllib.parse import urlsplit

import streamlit as st

from ikmgeo.address import is_loopback

PASSED_ON = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")
"""Headers by which a proxy says for whom it asks."""


def is_alone() -> bool:
    """Whether it is the person at this computer, of an app that serves others by the room at most.

    It then listens on loopback, where the browser came from, and no proxy passed it on: one that
    came so has another host in its request, or a header that the proxy added.
    """
    headers = st.context.headers
    host = urlsplit(f"//{headers.get('Host', 'localhost')}").hostname or ""
    return (
        is_loopback(str(st.get_option("server.address") or ""))
        and not address()  # Streamlit's word for loopback
        and is_loopback(host)
        and not any(header in headers for header in PASSED_ON)
    )


def address() -> str:
    """Where the browser is; empty on this computer.

    Of what stands before the app, the server believes only a proxy on this machine, and of its
    header the part that this one added, its last.
    """
    return st.context.ip_address or ""
