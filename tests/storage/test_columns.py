import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from storage.columns import FieldsText, OwnChangesText
from sync.fields import Fields
from sync.link import OwnChange
from tests.storage import samples

DIALECT = sqlite.dialect()
ANY_TEXT = st.text(st.characters(categories=None))
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    ANY_TEXT,
    st.lists(ANY_TEXT, max_size=3).map(tuple),
)


@given(st.dictionaries(ANY_TEXT, VALUES, max_size=5))
def test_fields_come_back_with_the_same_values_and_types(values: dict[str, object]) -> None:
    fields = Fields(values)
    text = FieldsText().process_bind_param(fields, DIALECT)
    assert text is not None
    assert text.isascii()
    back = FieldsText().process_result_value(text, DIALECT)
    assert back == fields
    assert back is not None
    assert [type(value) for value in back.values()] == [type(value) for value in fields.values()]


@pytest.mark.parametrize("changes", [(), (OwnChange("status", 2**53, samples.NOW), OwnChange("", 0, samples.NOW))])
def test_own_changes_come_back_in_their_order_and_to_the_microsecond(changes: tuple[OwnChange, ...]) -> None:
    text = OwnChangesText().process_bind_param(changes, DIALECT)
    assert OwnChangesText().process_result_value(text, DIALECT) == changes


def test_nothing_stays_nothing() -> None:
    for column in (FieldsText(), OwnChangesText()):
        assert column.process_bind_param(None, DIALECT) is None
        assert column.process_result_value(None, DIALECT) is None
