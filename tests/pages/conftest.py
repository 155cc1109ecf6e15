"""The browser of a page under test is on the computer of the app, as most are."""

import pytest
import streamlit as st


@pytest.fixture(autouse=True)
def on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(st.context), "ip_address", None)
