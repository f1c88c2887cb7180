import pytest

from providers.huawei_mpc.task_codes import is_failure, task_hint

DOCUMENTED = [
    *range(10050, 10069),
    *(10083, 10084, 10089, 10090, 10102, 10103, 10124, 10125, 10130, 10132, 10140, 10144),
    *(10209, 10210, 10212, 10216, 10217),
]


@pytest.mark.parametrize("number", DOCUMENTED)
def test_every_documented_task_code_has_advice_of_its_own(number: int) -> None:
    assert task_hint(f"MPC.{number}") != task_hint("MPC.99999")


@pytest.mark.parametrize("code", ["MPC.10050", "MPC.10212", None])
def test_a_passing_failure_says_to_run_it_again(code: str | None) -> None:
    assert task_hint(code).startswith("Run it again")


def test_an_undocumented_code_is_referred_to_huawei() -> None:
    assert "Huawei support" in task_hint("MPC.99999")


@pytest.mark.parametrize(
    ("code", "failed"), [(None, False), ("MPC.10218", False), ("MPC.10055", True)]
)
def test_only_another_code_than_complete_is_a_failure(code: str | None, *, failed: bool) -> None:
    assert is_failure(code) is failed
