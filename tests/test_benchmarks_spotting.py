"""The page about the spotter says what the files say; every change of the recipe changes it."""

import json

import pytest
from tones import tone_clips

from benchmarks import recipes, spotting
from ltisys.spotting import Recipe, train

RUN = {
    "accuracy": 0.97, "keyword_accuracy": 0.975, "cross_entropy": 0.1234, "misses_at_0.5": 0.1, "misses_at_5": 0.05,
    "seconds": 600,
}  # fmt: skip


def test_the_page_says_what_the_files_say():
    assert spotting.PAGE.read_text(encoding="utf-8") == spotting.page(), "run python -m benchmarks.spotting"


def test_runs_of_one_recipe_are_averaged(tmp_path):
    runs = {
        "the recipe, seed 0, 9 epochs": RUN,
        "the recipe, seed 1, 9 epochs": RUN | {"accuracy": 0.96},
        "no words, half the noise, seed 0, 3 epochs": RUN,
    }
    (tmp_path / "recipes.json").write_text(json.dumps(runs))
    page = spotting.page(tmp_path)
    assert "| the recipe | 2 | 96.50 % | 0.50 | 97.50 % | 0.123 | 10.00 % | 5.00 % | 10 |" in page
    assert "| no words, half the noise | 1 | 97.00 % |  |" in page
    assert page.index("9 epochs:") < page.index("3 epochs:")
    assert "## The bundled model" not in page


def test_the_official_split_is_no_speaker_left_out(tmp_path):
    runs = {
        "ann, seed 0, 5 epochs, 2 voices": {"accuracy": 0.8},
        "bob, seed 0, 5 epochs, 2 voices": {"accuracy": 0.9},
        "official split, seed 0, 5 epochs, 2 voices": {"accuracy": 0.99},
    }
    (tmp_path / "spoken_digits.json").write_text(json.dumps(runs))
    page = spotting.page(tmp_path)
    assert "| mean of those left out | 2 | **85.00 %** |  |" in page
    assert "| official split | 1 | 99.00 % |  |" in page


@pytest.mark.parametrize("name", [name for name in recipes.CHANGES if name != recipes.WHOLE])
def test_every_change_changes_the_recipe(name):
    assert recipes.CHANGES[name](Recipe()) != Recipe()


def test_a_finished_training_is_not_repeated(tmp_path, monkeypatch, capsys):
    trained = []

    def counted(*args, **options):
        trained.append(options["seed"])
        return train(*args, **options)

    monkeypatch.setattr(recipes.datasets, "speech_commands", lambda folder: tone_clips())
    monkeypatch.setattr(recipes.spotting, "train", counted)
    results = tmp_path / "recipes.json"
    command = ["recipes", "--data", "tones", "--epochs", "1", "--hours", "0.1", "--results", str(results)]
    monkeypatch.setattr("sys.argv", [*command, "--seeds", "1"])
    recipes.main()
    (one,) = json.loads(results.read_text()).values()
    assert 0 <= one["accuracy"] <= 1
    assert one["cross_entropy"] > 0
    monkeypatch.setattr("sys.argv", [*command, "--seeds", "2"])
    recipes.main()
    assert trained == [0, 1]
    assert "the recipe: mean" in capsys.readouterr().out
