"""Each rule of the local page refuses what it is for, and only it does."""

from __future__ import annotations

import hmac
import json
import re
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from search_corpus import built, write_texts
from web_client import ACCESS, CHANGE, COOKIE, HOST, KEY, PORT, Page

from index import SourceDocument, build
from index.directory.location import FOLDER
from search.web import security
from search.web.security import HEADERS, RULES, Access, Rule

SECRET = "a secret beside the documents"
PAIR = json.dumps({"korean": "항구", "english": "harbour"}).encode()
INFO = "/api/v1/info"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    write_texts(folder / "texts", {"a.txt": "The harbour opens.", "b.txt": "A ferry sails."})
    built(folder)
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return Page(folder / FOLDER)


# Of each rule, requests that it refuses and that all others let pass, with the status.
ATTACKS: dict[Rule, list[tuple[int, dict[str, Any]]]] = {
    security.host_names_this_server: [
        (421, {"path": INFO, "headers": {"host": host}})
        for host in (
            f"evil.example:{PORT}",
            "127.0.0.1",
            f"127.0.0.1:{PORT + 1}",
            f"127.0.0.1.evil.example:{PORT}",
            f"localhost.:{PORT}",
            f"user@127.0.0.1:{PORT}",
        )
    ],
    security.request_is_short: [
        (413, {"path": "/api/v1/search", "params": {"q": "a" * 9_000}}),
        (413, {"path": INFO, "headers": {"accept": "a" * 17_000}}),
    ],
    security.key_is_known: [
        (403, {"path": INFO, "headers": {"cookie": cookie}})
        for cookie in (
            "",
            f"{COOKIE}x",
            f"{ACCESS.cookie}={KEY}",
            f"chaja-{PORT + 1}={ACCESS.cookie_key}",
            f"{ACCESS.cookie}=",
        )
    ]
    + [(403, {"path": f"/?key={KEY}x", "headers": {"cookie": ""}})],
    security.origin_is_this_server: [
        (403, {"path": INFO, "headers": {"origin": origin}})
        for origin in ("http://evil.example", "null", f"https://{HOST}", "http://127.0.0.1:1")
    ]
    + [
        (
            403,
            {
                "path": "/api/v1/strike",
                "method": "POST",
                "headers": {**CHANGE, "origin": "http://evil.example"},
                "content": PAIR,
            },
        )
    ],
    **{
        rule: [
            (
                status,
                {
                    "path": "/api/v1/strike",
                    "method": "POST",
                    "headers": {**CHANGE, name: value},
                    "content": PAIR,
                },
            )
            for value in values
        ]
        for rule, status, name, values in (
            (security.change_tells_its_origin, 403, "origin", [""]),
            (security.change_has_the_key, 403, "x-chaja-key", ["", "wrong"]),
            (security.change_is_json, 415, "content-type", ["", "text/plain"]),
        )
    },
}
CASES = [
    pytest.param(rule, status, request, id=f"{rule.__name__}-{number}")
    for rule, attacks in ATTACKS.items()
    for number, (status, request) in enumerate(attacks)
]


def test_every_rule_has_an_attack() -> None:
    assert ATTACKS.keys() == set(RULES)


@pytest.mark.parametrize(("rule", "status", "request_"), CASES)
def test_a_rule_refuses_what_all_others_let_pass(
    rule: Rule, status: int, request_: dict[str, Any], page: Page, folder: Path
) -> None:
    refused = page.ask(**request_)
    assert refused.status_code == status
    assert refused.json()["error"]["message"]
    answered = Page(folder / FOLDER, without=rule).ask(**request_)
    assert answered.status_code in (200, 404)  # 404: the glossary has no such pair
    assert answered.json() if "api" in request_["path"] else "<html" in answered.text


def test_a_foreign_host_learns_nothing_whatever_else_is_wrong(page: Page) -> None:
    headers = {"host": "evil.example", "cookie": "", "origin": "http://evil.example"}
    for method, path in (("GET", "/nothing"), ("POST", "/api/v1/strike"), ("DELETE", "/")):
        assert page.ask(path, method=method, headers=headers).status_code == 421


@pytest.mark.parametrize("host", [HOST, f"localhost:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"])
def test_the_names_of_this_machine_are_answered(page: Page, host: str) -> None:
    assert page.ask(INFO, headers={"host": host}).status_code == 200


def test_a_server_at_another_address_answers_to_that_and_not_to_the_names_of_this_machine() -> None:
    assert Access.to("10.0.0.7", PORT, KEY).hosts == (f"10.0.0.7:{PORT}",)
    assert "localhost" in Access.to("127.0.0.1", 80, KEY).hosts  # as browsers leave it out


# ---- the key


def test_the_key_of_the_address_gives_a_cookie_that_no_script_and_no_other_site_gets(
    page: Page,
) -> None:
    answer = page.ask(f"/?q=%EC%99%B8%EA%B5%90&key={KEY}&mode=phrase", headers={"cookie": ""})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?q=%EC%99%B8%EA%B5%90&mode=phrase"
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name == COOKIE
    assert KEY not in str(answer.headers)
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Strict"}
    assert page.ask("/", headers={"cookie": name}).status_code == 200


def test_a_cookie_is_of_one_start_and_one_port() -> None:
    again = [Access.to("127.0.0.1", PORT, KEY) for _ in range(2)]
    keys = {own.cookie_key for own in (*again, ACCESS)}
    assert len(keys) == 3
    assert KEY not in keys
    assert ACCESS.cookie != Access.to("127.0.0.1", PORT + 1, KEY).cookie
    assert [own.opens(KEY) for own in again] == [True, True]


@pytest.mark.parametrize("place", ["//evil.example/", "/%2f%2fevil.example", "/\\evil.example"])
def test_the_redirect_leads_nowhere_else(page: Page, place: str) -> None:
    answer = page.ask(f"/?{place}&next={place}&key={KEY}", headers={"cookie": ""})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/?")


def test_only_the_page_itself_takes_the_key_from_its_address(page: Page) -> None:
    answer = page.ask(f"{INFO}?key={KEY}", headers={"cookie": ""})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_program_may_send_the_key_in_a_header(page: Page) -> None:
    headers = {"cookie": "", "x-chaja-key": KEY}
    assert page.ask(INFO, headers=headers).status_code == 200
    # The key for changes opens nothing: the page knows it, and it is no cookie.
    headers["x-chaja-key"] = ACCESS.page_key
    assert page.ask(INFO, headers=headers).status_code == 403


def test_the_page_does_not_learn_the_key_of_its_cookie(page: Page) -> None:
    told = page.get("info")
    assert told["key"] == ACCESS.page_key
    assert KEY not in json.dumps(told)


def test_keys_are_compared_in_a_time_that_tells_nothing(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(given: bytes, key: bytes) -> bool:
        compared.append((given, key))
        return hmac.compare_digest(given, key)

    monkeypatch.setattr(security, "compare_digest", compare)
    assert page.ask(INFO, headers={"cookie": f"{ACCESS.cookie}=guess"}).status_code == 403
    assert (b"guess", ACCESS.cookie_key.encode()) in compared
    compared.clear()
    assert page.ask("/?key=gu%C3%A9ss", headers={"cookie": ""}).status_code == 403
    assert ("guéss".encode(), KEY.encode()) in compared


# ---- the headers


ANSWERS = {
    "the page": {"path": "/"},
    "a redirect": {"path": f"/?key={KEY}"},
    "an answer": {"path": INFO},
    "a bad argument": {"path": "/api/v1/search", "params": {"limit": "x"}},
    "no such page": {"path": "/nothing.html"},
    "no such route": {"path": "/api/v1/nothing"},
    "another host": {"path": "/", "headers": {"host": "evil.example"}},
    "no key": {"path": "/", "headers": {"cookie": ""}},
    "another method": {"path": INFO, "method": "OPTIONS", "headers": CHANGE},
    "a bug": {"path": "/api/v1/search", "params": {"q": "bug"}},
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_has_the_headers(
    name: str, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "a bug":
        monkeypatch.setattr("search.web.api.found", lambda *_: 1 / 0)
    answer = page.ask(**ANSWERS[name])  # type: ignore[arg-type]  # the arguments are of many types
    assert answer.status_code == 500 or name != "a bug"
    if answer.status_code >= 400:
        assert answer.json().keys() == {"format", "error"}
        assert answer.headers["content-type"] == "application/json"
    for header, value in HEADERS.items():
        assert answer.headers[header] == value
    assert not [header for header in answer.headers if header.startswith("access-control-")]


def test_the_policy_lets_the_page_use_its_own_files_and_nothing_else() -> None:
    policy = dict(
        part.strip().partition(" ")[::2] for part in HEADERS["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert {name for name, value in policy.items() if value == "'self'"} == {
        "script-src",
        "style-src",
        "connect-src",
        "img-src",
    }
    assert set(policy.values()) == {"'none'", "'self'", "'script'"}
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["frame-ancestors"] == "'none'"


def test_a_bug_tells_the_browser_no_trace_and_no_path(
    page: Page, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError(folder)

    monkeypatch.setattr("search.web.api.found", bug)
    answer = page.ask("/api/v1/search", params={"q": "x"})
    assert answer.status_code == 500
    assert answer.json()["error"]["message"] == "this is a bug in Chaja"
    assert str(folder) not in answer.text
    assert "ZeroDivision" not in answer.text


# ---- what is served


@pytest.mark.parametrize(
    "path",
    [
        "/../application.py",
        "/..%2fapplication.py",
        "/%2e%2e/application.py",
        "/static/index.html",
        "/index.html%00.js",
        "/__init__.py",
        "/api/v1/../../pyproject.toml",
    ],
)
def test_no_path_leads_out_of_the_page(page: Page, path: str) -> None:
    assert page.ask(path).status_code == 404


@pytest.mark.parametrize("name", ["secret.txt", "../page/secret.txt", "/etc/passwd", ".chaja/lock"])
def test_an_original_is_a_file_of_the_index_and_no_other(page: Page, name: str) -> None:
    for asked in ({"id": name}, {"id": "texts/a.txt", "path": name}, {"id": name, "path": name}):
        answer = page.ask("/api/v1/original", params=asked)
        assert SECRET not in answer.text
        assert answer.status_code == 404 or answer.text == "The harbour opens."


@pytest.mark.parametrize("name", ["../secret.txt", "secret.txt", "{outside}/secret.txt"])
def test_the_id_of_a_given_document_leads_to_no_file(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "page"
    write_texts(folder, {"secret.txt": SECRET})
    write_texts(tmp_path, {"secret.txt": SECRET})
    identity = name.format(outside=tmp_path)
    build(folder / FOLDER, documents=[SourceDocument(id=identity, text="harbour")])
    page = Page(folder / FOLDER)
    assert page.get("document", id=identity)["has_file"] is False
    assert page.refused("original", id=identity)[:2] == (
        404,
        "this document is not from a file here",
    )


def test_an_original_is_an_attachment_that_runs_nothing(page: Page) -> None:
    answer = page.ask("/api/v1/original", params={"id": "texts/a.txt"})
    assert answer.text == "The harbour opens."
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''a.txt"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_link_that_took_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    write_texts(tmp_path, {"a.txt": "harbour"})
    built(tmp_path)
    (tmp_path / "a.txt").unlink()
    page = Page(tmp_path / FOLDER)
    assert page.refused("original", id="a.txt")[0] == 404
    (tmp_path / "a.txt").symlink_to("/etc/passwd")
    assert page.refused("original", id="a.txt")[0] == 404


def test_a_link_that_took_the_place_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    write_texts(tmp_path / "page" / "texts", {"a.txt": "harbour"})
    write_texts(tmp_path / "other", {"a.txt": SECRET})
    built(tmp_path / "page")
    page = Page(tmp_path / "page" / FOLDER)
    assert page.get("document", id="texts/a.txt")["has_file"] is True
    assert page.ask("/api/v1/original", params={"id": "texts/a.txt"}).text == "harbour"
    shutil.rmtree(tmp_path / "page" / "texts")
    (tmp_path / "page" / "texts").symlink_to(tmp_path / "other")
    assert page.refused("original", id="texts/a.txt")[0] == 404


def test_the_page_names_no_other_host() -> None:
    static = files("search.web").joinpath("static")
    texts = [file.read_text(encoding="utf-8") for file in static.iterdir()]
    assert texts
    addresses = {
        found for text in texts for found in re.findall(r"(?:https?:)?//[\w.]+\.\w+", text)
    }
    assert addresses <= {"http://www.w3.org"}  # the name of SVG, which nobody asks
