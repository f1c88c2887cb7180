from typing import Any

import pytest

from bot.sandbox.slack.blocks import validate_view
from bot.views.lookup_form import (
    ACCOUNT_ACTION,
    IDS_ACTION,
    PROVIDER_ACTION,
    LookupChoice,
    read_lookup_form,
    render_lookup_form,
)
from bot.views.options import Options
from bot.views.words import CHINESE

ACCOUNTS = {"tencent": ["main", "staging"], "mpc": ["transcode"], "tiw": []}


def inputs(view: dict[str, Any]) -> dict[str, Any]:
    assert validate_view(view) == []
    return {block["block_id"]: block["element"] for block in view["blocks"] if "element" in block}


def values(view: dict[str, Any], ids: str | None = None) -> dict[str, Any]:
    """What Slack would send if somebody typed *ids* and left the rest as it is."""
    state: dict[str, Any] = {}
    for block_id, element in inputs(view).items():
        given = {"selected_option": element.get("initial_option"), "value": ids}
        state[block_id] = {element["action_id"]: given}
    return state


def test_the_form_opens_with_nothing_chosen() -> None:
    view = render_lookup_form(ACCOUNTS)

    assert list(inputs(view)) == ["provider", "ids"]
    assert inputs(view)["provider"]["initial_option"]["value"] == "any"
    assert read_lookup_form(values(view)) == LookupChoice()


def test_a_chosen_provider_offers_its_accounts() -> None:
    view = render_lookup_form(ACCOUNTS, choice=LookupChoice("tencent"))

    accounts = inputs(view)["account:tencent"]
    assert [option["value"] for option in accounts["options"]] == ["main", "staging"]
    assert read_lookup_form(values(view, "1")) == LookupChoice("tencent", "main", "1")


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        (LookupChoice("tencent", "staging"), LookupChoice("tencent", "staging")),
        (LookupChoice("tencent", "gone"), LookupChoice("tencent", "main")),
        (LookupChoice("gone", "main"), LookupChoice()),
        (LookupChoice("tiw"), LookupChoice("tiw")),
    ],
)
def test_drawn_again_the_form_keeps_what_still_exists(
    choice: LookupChoice, kept: LookupChoice
) -> None:
    view = render_lookup_form(ACCOUNTS, choice=choice)

    assert read_lookup_form(values(view)) == kept


def test_a_remark_stands_below_the_ids() -> None:
    view = render_lookup_form(ACCOUNTS, remark="`<x>` is no id")

    assert view["blocks"][-1]["elements"][0]["text"] == "`&lt;x&gt;` is no id"


def test_the_form_is_asked_again_while_somebody_types_and_chooses() -> None:
    view = render_lookup_form(ACCOUNTS, choice=LookupChoice("mpc"))

    asked = {block["block_id"] for block in view["blocks"] if block.get("dispatch_action")}
    assert asked == {"provider", "ids"}
    assert {element["action_id"] for element in inputs(view).values()} == {
        PROVIDER_ACTION,
        ACCOUNT_ACTION,
        IDS_ACTION,
    }


@pytest.mark.parametrize(
    "state", [{}, {"ids": {}}, {"ids": {IDS_ACTION: None}}, {"provider": {PROVIDER_ACTION: {}}}]
)
def test_what_slack_leaves_out_is_not_chosen(state: dict[str, Any]) -> None:
    assert read_lookup_form(state) == LookupChoice()


def test_hundreds_of_accounts_stay_within_slacks_limits_in_chinese_too() -> None:
    accounts = {"mpc": [f"account-{index}" for index in range(150)], "later": ["x"]}

    view = render_lookup_form(
        accounts, choice=LookupChoice("mpc"), remark="x" * 5000, options=Options(words=CHINESE)
    )

    assert validate_view(view) == []
    assert view["title"]["text"] == "查询媒体任务"
