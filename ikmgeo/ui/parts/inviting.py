"""Where others open what is on this screen: an address and its QR code, or how there comes one."""

from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from ikmgeo import address
from ikmgeo.ui.state import room
from ikmgeo.words.markup import note, picture
from ikmgeo.words.messages import Messages

LONGEST_QR = 500
"""Characters of an address whose code a phone still reads from across a table."""


def invitation(say: Messages, path: str, *, where: str) -> None:
    """Address and QR code of a path of the app; where others reach none, the way to open one.

    ``where`` tells the controls of one place from those of another on the same page.
    """
    if found := room.reached_at():
        _shown(say, found, path)
    elif choices := room.offered():
        _opening(say, choices, where)
    else:
        st.html(note(say("room.no_network")))


def _shown(say: Messages, found: str, path: str) -> None:
    if len(found + path) > LONGEST_QR:
        st.html(note(say("room.too_long")))
        return
    code = picture(address.qr_svg(found + path), say("room.code", address=found))
    st.html(
        Markup('<figure class="ikm-qr">{}<figcaption>{} <b>{}</b></figcaption></figure>').format(
            code, say("room.join_at"), found
        )
    )


def _opening(say: Messages, choices: list[str], where: str) -> None:
    """Who would see what, asked before the room is opened."""
    with st.expander(say("room.open")):
        chosen = choices[0]
        if len(choices) > 1:
            chosen = st.radio(
                say("room.network"), choices, format_func=_host, key=f"room-network-{where}"
            )
        st.html(note(say("room.who", address=_host(chosen))))
        if st.button(say("room.open_now"), type="primary", key=f"room-open-{where}"):
            try:
                room.here().open(chosen)
            except OSError:
                st.error(say("room.refused", address=_host(chosen)))
            else:
                st.rerun()


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def open_room(say: Messages) -> None:
    """That the room is open, and the way to close it, for who may."""
    if not (room.here().address and room.offered()):
        return
    told = say("room.is_open", address=room.here().address)
    st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(told))
    st.button(say("room.close"), key="close-room", on_click=room.here().close)
