from bot import models, sources
from bot.opening import index_apart, is_fresh
from bot.settings import Settings
from tests.conftest import CORPUS


def test_a_stale_index_is_made_and_a_fresh_one_left_alone(tmp_path):
    settings = Settings(CORPUS, tmp_path / "index", alone=True)
    reading = sources.read(CORPUS)
    assert not is_fresh(settings, reading, models.MINILM)
    index_apart(settings)
    made = (tmp_path / "index" / "manifest.json").stat().st_mtime_ns
    assert is_fresh(settings, reading, models.MINILM)
    index_apart(settings)
    assert (tmp_path / "index" / "manifest.json").stat().st_mtime_ns == made


def test_what_goes_wrong_in_the_other_process_is_left_to_be_told_by_this_one(tmp_path):
    index_apart(Settings(tmp_path / "nowhere", tmp_path / "index"))
    assert not (tmp_path / "index").exists()
