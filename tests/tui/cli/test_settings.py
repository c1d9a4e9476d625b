from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli.config_file import known_keys, read_config
from tui.cli.errors import ConfigError
from tui.cli.settings import CONFIG, DATABASE_URL, HOME, SIGNALS_FILE, THEME, Flags, resolve


def test_by_default_everything_lies_in_the_users_data_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found = resolve(Flags(), {})
    assert found.home.path == tmp_path / "jumpseat"
    assert found.database_url == f"sqlite:///{tmp_path}/jumpseat/jumpseat.db"
    assert (found.target, found.listen, found.home_given) == (None, "127.0.0.1:2222", False)


@pytest.mark.parametrize("flag", [None, "/flag"])
@pytest.mark.parametrize("env", [None, "/env"])
@pytest.mark.parametrize("file", [None, "/file"])
def test_flags_win_over_environment_over_file(
    tmp_path: Path, flag: str | None, env: str | None, file: str | None
) -> None:
    config = tmp_path / "settings.toml"
    config.write_text(f'home = "{file}"\ndatabase_url = "sqlite:///{file}.db"\n' if file else "")
    environment = {CONFIG: str(config)}
    if env:
        environment |= {HOME: env, DATABASE_URL: f"sqlite:///{env}.db"}
    url = f"sqlite:///{flag}.db" if flag else None
    found = resolve(Flags(home=flag, database_url=url), environment)
    winner = flag or env or file
    if winner:
        assert found.home.path == Path(winner)
        assert found.database_url == f"sqlite:///{winner}.db"
    assert found.home_given is (winner is not None)


def test_the_homes_own_file_is_read_unless_another_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[serve]\ntarget = "practice"\nlisten = "[::1]:0"\n')
    other = tmp_path / "other.toml"
    other.write_text('[serve]\ntarget = "203.0.113.7"\n')
    assert resolve(Flags(home=str(tmp_path)), {}).target == "practice"
    assert resolve(Flags(home=str(tmp_path)), {}).listen == "[::1]:0"
    assert resolve(Flags(home=str(tmp_path), config=str(other)), {}).target == "203.0.113.7"
    assert resolve(Flags(home=str(tmp_path)), {CONFIG: str(other)}).target == "203.0.113.7"


def test_paths_in_the_file_start_from_the_file(tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('home = "here"\n')
    assert resolve(Flags(config=str(config)), {}).home.path == tmp_path / "here"


def test_empty_variables_count_as_absent(tmp_path: Path) -> None:
    found = resolve(Flags(home=str(tmp_path)), {HOME: "", DATABASE_URL: "", CONFIG: ""})
    assert found.database_url == f"sqlite:///{tmp_path}/jumpseat.db"


def test_all_mistakes_are_named_at_once_with_file_line_and_key(tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('home = 3\n\ncolour = "red"\n[serve]\n# where\nlisten = "x"\nport = 22\n')
    with pytest.raises(ConfigError) as caught:
        read_config(config)
    assert f"{config}:1: home: " in caught.value.cause
    assert f"{config}:3: colour: unknown key" in caught.value.cause
    assert f"{config}:7: serve.port: unknown key" in caught.value.cause
    assert caught.value.remedy


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        resolve(Flags(config=str(tmp_path / "absent.toml")), {})


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_only_the_declared_error_escapes_from_any_file(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    with contextlib.suppress(ConfigError):
        read_config(path)


@pytest.mark.parametrize("text", ["a = " + "9" * 5000, "a" + ".a" * 5000 + " = 1"])
def test_a_file_that_only_a_program_writes_is_no_settings_either(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match="is not TOML"):
        read_config(path)


def test_every_setting_is_documented(root: Path) -> None:
    text = (root / "docs" / "settings.md").read_text()
    names = [*known_keys(), HOME, DATABASE_URL, CONFIG, SIGNALS_FILE, "JUMPSEAT_DEBUG", "NO_COLOR"]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_the_theme_of_the_environment_wins_over_the_files(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('theme = "light"\n')
    home = Flags(home=str(tmp_path))
    assert resolve(home, {}).theme == "light"
    assert resolve(home, {THEME: ""}).theme == "light"
    assert resolve(home, {THEME: "contrast"}).theme == "contrast"
    assert resolve(Flags(home=str(tmp_path / "other")), {}).theme is None
    with pytest.raises(ConfigError, match=r"JUMPSEAT_THEME names no theme: 'pink'") as caught:
        resolve(home, {THEME: "pink"})
    assert "light" in caught.value.remedy


def test_a_theme_that_there_is_not_is_named_with_its_line(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('\ntheme = "pink"\n')
    with pytest.raises(ConfigError, match=r"config\.toml:2: theme"):
        read_config(config)
