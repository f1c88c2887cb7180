"""What is counted, as Prometheus reads it."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def samples(metrics: Metrics) -> dict[tuple[str, str], float]:
    """Every figure of ours that is not zero, by name and label values."""
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
        if sample.name.startswith("mediatask_") and sample.value and "bucket" not in sample.name
    }


def test_a_question_is_counted_by_provider_and_what_was_told(metrics: Metrics) -> None:
    metrics.count_question("record", "succeeded")
    metrics.count_question("record", "succeeded")

    assert samples(metrics)["mediatask_questions_total", "record,succeeded"] == 2


def test_an_attempt_at_a_vendor_is_timed_by_its_outcome(metrics: Metrics) -> None:
    metrics.observe_vendor("record@main", "unreachable", 10.5)

    told = samples(metrics)
    assert told["mediatask_vendor_seconds_count", "record@main,unreachable"] == 1
    assert told["mediatask_vendor_seconds_sum", "record@main,unreachable"] == 10.5


def test_an_undocumented_word_becomes_no_label(metrics: Metrics) -> None:
    metrics.count_undocumented("tencent", "Status=ARCHIVING")

    assert samples(metrics)["mediatask_undocumented_words_total", "tencent"] == 1
    assert b"ARCHIVING" not in metrics.render()


def test_an_acknowledgement_is_timed(metrics: Metrics) -> None:
    metrics.observe_ack("http", 0.25)

    assert samples(metrics)["mediatask_ack_seconds_sum", "http"] == 0.25


def test_answers_are_counted_by_what_became_of_them(metrics: Metrics) -> None:
    metrics.count_answer("degraded")

    assert samples(metrics)["mediatask_answers_total", "degraded"] == 1


def test_people_who_wait_are_a_gauge(metrics: Metrics) -> None:
    metrics.set_open_questions(3)
    metrics.set_open_questions(1)

    assert samples(metrics)["mediatask_open_questions", ""] == 1


def test_two_bots_in_one_process_count_apart(metrics: Metrics) -> None:
    Metrics().count_answer("sent")

    assert ("mediatask_answers_total", "sent") not in samples(metrics)


def test_the_process_itself_is_measured(metrics: Metrics) -> None:
    assert b"process_resident_memory_bytes" in metrics.render()
