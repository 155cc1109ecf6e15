"""Where others open what is on this screen: an address and its QR code, or how there comes one."""

from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from ikmgeo import address
from ikmgeo.ui.state import keys, room, visitor
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
    elif visitor.is_alone():
        if keys.ROOM_ASKED.get():
            with st.container(border=True):
                _confirm(say, where)
        else:
            st.button(
                say("room.open"),
                key=f"room-ask-{where}",
                on_click=keys.ROOM_ASKED.set,
                args=(True,),
            )


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


def _confirm(say: Messages, where: str) -> None:
    """Who would see what, before the room is opened."""
    choices = room.own_addresses()
    if choices:
        chosen = choices[0]
        if len(choices) > 1:
            chosen = st.radio(
                say("room.network"), choices, format_func=_host, key=f"room-network-{where}"
            )
        st.html(note(say("room.who", address=_host(chosen))))
    else:
        st.html(note(say("room.no_network")))
    with st.container(horizontal=True):
        if choices and st.button(say("room.open_now"), type="primary", key=f"room-open-{where}"):
            _open(say, chosen)
        st.button(
            say("room.leave_shut"),
            key=f"room-leave-{where}",
            on_click=keys.ROOM_ASKED.set,
            args=(False,),
        )


def _open(say: Messages, chosen: str) -> None:
    try:
        room.here().open(chosen)
    except OSError:
        st.error(say("room.refused", address=_host(chosen)))
    else:
        keys.ROOM_ASKED.pop()
        st.rerun()


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def open_room(say: Messages) -> None:
    """That the room is open, and the way to close it, for who may."""
    if not (room.here().address and visitor.is_alone()):
        return
    told = say("room.is_open", address=room.here().address)
    st.html(Markup('<p role="status" class="ikm-banner">{}</p>').format(told))
    st.button(say("room.close"), key="close-room", on_click=room.here().close)
