"""A row of choices that changes how a page shows its selection. The pick stands in the address, like a filter's."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components import stage


def switch(name: str, label: str, options: Mapping[str, str], *, usual: str | None = None) -> str:
    """Draw the choices (code -> word) and return the code picked. `usual` (or the first) is not written.

    `name` is the parameter in the address and must be one of `selection.VIEWS` or a filter's, so that permanent links
    carry it.
    """
    usual, key = usual or next(iter(options)), f"switch_{name}"
    asked = st.query_params.get(name, usual)
    picked = asked if asked in options else usual
    if stage.is_alone():
        return picked
    st.session_state[key] = picked

    def write() -> None:
        if st.session_state[key] == usual:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = st.session_state[key]

    st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        on_change=write,
        label_visibility="collapsed",
        required=True,
    )
    st.space(14)
    return str(st.session_state[key])
