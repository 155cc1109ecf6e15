"""Number fields: text fields that take either decimal sign and lose nothing that was typed.

Streamlit's own turn ``38,5`` into 385 and show the same decimal sign in every language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from markupsafe import Markup

from ikmgeo.errors import DataError, Issue
from ikmgeo.reading import typed
from ikmgeo.reading.typed import Scale
from ikmgeo.ui.state import keys, session
from ikmgeo.words.messages import Messages


@dataclass(frozen=True)
class Refused:
    """What was typed into a field and is not used; it stays in the field.

    Parameters
    ----------
    text, issue
        What was typed, and why it cannot be used.
    value
        Of the field at that time: once it is another, something else has set it since.
    form, label
        The form that the field belongs to, if any, and what the field is called.
    """

    text: str
    issue: Issue
    value: float | None
    form: str
    label: str


def number_field(
    say: Messages,
    label: str,
    value: float | None,
    scale: Scale,
    save: Callable[[Any], None],
    *,
    key: str,
    form: str = "",
    **looks: Any,
) -> None:
    """A field that shows ``value`` and saves the number typed; what is none stays, and says why."""
    with st.container(gap="xsmall"):  # one element, with or without the sentence
        tell(bare_field(say, label, value, scale, save, key=key, form=form, **looks))


def bare_field(
    say: Messages,
    label: str,
    value: float | None,
    scale: Scale,
    save: Callable[[Any], None],
    *,
    key: str,
    form: str = "",
    **looks: Any,
) -> str:
    """As ``number_field``; the sentence is left to the caller, empty when all is well."""
    refused = keys.REFUSED_NUMBERS.get().get(key)
    if refused and refused.value != value:
        del keys.REFUSED_NUMBERS.get()[key]
        refused = None

    def take(text: str) -> None:
        try:
            number = typed.read(text, scale)
        except DataError as why:
            keys.REFUSED_NUMBERS.get()[key] = Refused(text, why.issues[0], value, form, label)
        else:
            keys.REFUSED_NUMBERS.get().pop(key, None)
            save(number)

    text = refused.text if refused else say.in_field(value)
    st.text_input(label, **session.interlocked(key, text, take), **looks)
    if refused is None:
        return ""
    keys.REFUSED_NUMBERS.get()[key] = replace(refused, label=label)  # in the language of now
    return say.mistyped(refused.issue, label)


def tell(sentence: str) -> None:
    """Say beside a field why what was typed is not used, if it is not."""
    if sentence:
        st.html(Markup('<p class="ikm-mistyped" role="alert">{}</p>').format(sentence))


def refuse(form: str, part: str, sentences: Sequence[str]) -> None:
    """Say why a part of a form that is no number field cannot be used, or that it can."""
    if sentences:
        keys.REFUSED_PARTS.get()[form, part] = tuple(sentences)
    else:
        keys.REFUSED_PARTS.get().pop((form, part), None)


def refusals(say: Messages, form: str) -> list[str]:
    """Why a form cannot be used as it is, one sentence each; nothing when it can."""
    fields = [
        say.mistyped(r.issue, r.label)
        for r in keys.REFUSED_NUMBERS.get().values()
        if r.form == form
    ]
    return [
        *fields,
        *(s for (of, _), told in keys.REFUSED_PARTS.get().items() if of == form for s in told),
    ]


def forget(form: str) -> None:
    """Drop what was typed into a form and is not used."""
    for key in [key for key, refused in keys.REFUSED_NUMBERS.get().items() if refused.form == form]:
        del keys.REFUSED_NUMBERS.get()[key]
    for part in [part for part in keys.REFUSED_PARTS.get() if part[0] == form]:
        del keys.REFUSED_PARTS.get()[part]
