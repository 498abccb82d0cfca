"""The price file: complete, with a source for each price; another is refused in one sentence."""

import re
from pathlib import Path

import pytest

from benchmarks.cost.prices import AWS, NAMES, Machine, Price, PriceError, read_prices

TEXT = AWS.read_text(encoding="utf-8")
SQS = "[prices.sqs_requests]\ndollars = 0.40\nper = 1_000_000\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def replaced(folder: Path, old: str, new: str) -> Path:
    assert TEXT.count(old) >= 1, old
    return written(folder, TEXT.replace(old, new, 1))


def test_the_file_is_complete_and_names_a_page_for_each_price() -> None:
    found = read_prices()
    assert tuple(found.units) == NAMES
    machines = (*found.instances, *found.databases, *found.caches)
    priced_entries: list[Price | Machine] = [*found.units.values(), *machines]
    for priced in priced_entries:
        assert priced.source.startswith("https://aws.amazon.com/")
        assert priced.dollars > 0
    assert found.region == "us-east-1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found.date)
    assert "not verified live" in found.note


def test_a_price_is_for_one_unit() -> None:
    found = read_prices()
    assert found["sqs_requests"] == pytest.approx(0.40 / 1_000_000)
    assert found["fargate_vcpu_hours"] == pytest.approx(0.04048)


def test_the_prices_of_lambda_are_those_of_the_design() -> None:
    found = read_prices()
    assert found["lambda_gb_seconds_x86"] == pytest.approx(0.0000166667)
    assert found["lambda_gb_seconds_arm"] == pytest.approx(0.0000133334)
    assert found["lambda_requests"] == pytest.approx(0.20 / 1_000_000)


@pytest.mark.parametrize("kind", ["instances", "databases", "caches"])
def test_more_vcpus_never_cost_less_by_the_machine(kind: str) -> None:
    machines = getattr(read_prices(), kind)
    assert [it.dollars for it in machines] == sorted(it.dollars for it in machines)
    assert [it.vcpus for it in machines] == sorted(it.vcpus for it in machines)


def test_other_prices_replace_them(tmp_path: Path) -> None:
    path = replaced(tmp_path, "dollars = 0.40", "dollars = 0.80")
    assert read_prices(path)["sqs_requests"] == pytest.approx(0.80 / 1_000_000)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("dollars = 0.40", "dollars = -0.40", "prices.sqs_requests.dollars must be a number"),
        ("dollars = 0.40", 'dollars = "0.40"', "prices.sqs_requests.dollars must be a number"),
        ("dollars = 0.40", "dollars = true", "prices.sqs_requests.dollars must be a number"),
        ("dollars = 0.40", "dollars = nan", "prices.sqs_requests.dollars must be a number"),
        ("dollars = 0.40", "dollars = inf", "prices.sqs_requests.dollars must be a number"),
        ("dollars = 0.40\n", "", "prices.sqs_requests lacks the key 'dollars'"),
        ("dollars = 0.40", "dollar = 0.40", "prices.sqs_requests has the unknown key 'dollar'"),
        ("per = 1000\n", "per = 0\n", "prices.s3_writes.per is 0"),
        ("[prices.sqs_requests]", "[prices.sqs_calls]", "prices has the unknown key 'sqs_calls'"),
        (SQS, "[prices]\nsqs_requests = 0.40\n", "prices has the unknown key 'source'"),
        ('region = "us-east-1"\n', "", "the file lacks the key 'region'"),
        ('date = "2026-11-29"', "date = 2026-11-29", "date must be a text"),
        ('region = "us-east-1"', 'region = "us-east-1"\nzone = "a"', "unknown key 'zone'"),
        ("vcpus = 0.4\n", "vcpus = 0\n", "instances[1] has no vCPU or no memory"),
        ("vcpus = 0.4\n", "", "instances[1] lacks the key 'vcpus'"),
        ("memory_gb = 2\n", "memory_gb = -2\n", "instances[1].memory_gb must be a number"),
        ('name = "t3.small"', 'name = ""', "instances[1].name must be a text"),
        ("[[instances]]", "[[machines]]", "the file has the unknown key 'machines'"),
    ],
)
def test_an_invalid_file_is_a_sentence_that_names_the_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = replaced(tmp_path, old, new)
    with pytest.raises(PriceError) as raised:
        read_prices(path)
    text = str(raised.value)
    assert text.startswith(str(path))
    assert message in text
    assert text.endswith(".")
    assert "\n" not in text


def test_a_missing_price_is_named(tmp_path: Path) -> None:
    without = TEXT.replace(SQS + 'source = "https://aws.amazon.com/sqs/pricing/"\n', "")
    assert without != TEXT
    with pytest.raises(PriceError, match="prices lacks the key 'sqs_requests'"):
        read_prices(written(tmp_path, without))


def test_a_price_that_is_no_table(tmp_path: Path) -> None:
    lines = SQS + 'source = "https://aws.amazon.com/sqs/pricing/"\n'
    assert lines in TEXT
    bare = TEXT.replace(lines, "").replace(
        "[prices.fargate_vcpu_hours]",
        "[prices]\nsqs_requests = 0.40\n\n[prices.fargate_vcpu_hours]",
    )
    with pytest.raises(PriceError, match="sqs_requests must be a table"):
        read_prices(written(tmp_path, bare))


def test_a_list_of_machines_that_is_none(tmp_path: Path) -> None:
    cut = TEXT[: TEXT.index("[[caches]]")]
    with pytest.raises(PriceError, match="the file lacks the key 'caches'"):
        read_prices(written(tmp_path, cut))
    with pytest.raises(PriceError, match="caches must be a list of at least one machine"):
        read_prices(written(tmp_path, f"caches = []\n{cut}"))


def test_a_file_that_isn_t_there(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match=r"mine\.toml can't be read: No such file"):
        read_prices(tmp_path / "mine.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(PriceError, match="can't be read: Is a directory"):
        read_prices(tmp_path)
