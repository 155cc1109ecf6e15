"""Whose browser this is, as far as the connection tells."""

from urllib.parse import urlsplit

import streamlit as st

from ikmgeo.address import is_loopback

PASSED_ON = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")
"""Headers by which a proxy says for whom it asks."""


def is_alone() -> bool:
    """Whether nobody but the person at this computer can reach the app.

    It then listens on loopback alone, and no proxy passes others on to it: a browser that came by
    one has another host in its request, or a header that the proxy added.
    """
    headers = st.context.headers
    host = urlsplit(f"//{headers.get('Host', 'localhost')}").hostname or ""
    return (
        is_loopback(str(st.get_option("server.address") or ""))
        and is_loopback(host)
        and not any(header in headers for header in PASSED_ON)
    )


def address() -> str:
    """Where the browser is, as the proxy beside the app tells, or else the connection.

    Anybody can write the header; only what a proxy on this machine added to it counts, its last.
    """
    if is_loopback(str(st.get_option("server.address") or "")):
        told = str(st.context.headers.get(PASSED_ON[0], ""))
        return told.rpartition(",")[2].strip()[:60]
    return st.context.ip_address or ""
