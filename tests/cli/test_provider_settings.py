"""Where Google and Facebook are: https, or this machine; a secret is never repeated."""

import pytest

from ocpizza.settings import SettingError, load_settings

BASE = "[database]\nurl = sqlite:///x\n[session]\nsecret_file = x.key\n"


def load(tmp_path, text: str):
    path = tmp_path / "ocpizza.ini"
    path.write_text(BASE + text)
    return load_settings(path, {})


@pytest.mark.parametrize(
    "address",
    ["https://accounts.example/o/auth", "http://127.0.0.1:9400/token", "http://[::1]:9400/x"],
)
def test_providers_are_reached_by_https_or_on_this_machine(tmp_path, address):
    settings = load(tmp_path, f"[google]\ntoken_url = {address}\n")
    assert settings["google.token_url"] == address


@pytest.mark.parametrize(
    "address",
    [
        "http://accounts.example/token",
        "ftp://127.0.0.1/",
        "https://",
        "accounts.example",
        "https://accounts.example/token?x=1",
        "http://127.0.0.1.evil.example/",
    ],
)
def test_secrets_are_not_sent_in_the_clear(tmp_path, address):
    with pytest.raises(SettingError, match=r"google\.token_url"):
        load(tmp_path, f"[google]\ntoken_url = {address}\n")


@pytest.mark.parametrize("version", ["24.0", "v24", "v24.0/../..", "latest"])
def test_the_graph_has_versions_of_one_form(tmp_path, version):
    with pytest.raises(SettingError, match=r"facebook\.graph_version"):
        load(tmp_path, f"[facebook]\ngraph_version = {version}\n")


def test_there_is_no_provider_until_a_client_is_set(tmp_path):
    settings = load(tmp_path, "")
    assert (settings["google.client_id"], settings["facebook.client_id"]) == ("", "")
    assert settings["google.token_url"].startswith("https://")
