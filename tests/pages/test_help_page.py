"""The help page shows the documents of docs/, with their pictures and links."""

import re
from functools import partial

import pytest

from ikmgeo.ui.help import DOCUMENTS, FOLDER, anchor, pieces
from tests.pages import screen
from tests.pages.screen import ROOT

start = partial(screen.run, "help")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_guide_opens_in_the_language_of_the_page_with_chapters_and_pictures(
    language: str,
) -> None:
    app = start(lang=language)
    text = (ROOT / "docs" / f"guide.{language}.md").read_text(encoding="utf-8")
    chapters = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [(h.value, h.anchor) for h in app.header] == [(c, anchor(c)) for c in chapters]
    pictures = [element.proto for element in app.get("image")]
    told = re.findall(r"^!\[(.+)\]\(", text, re.MULTILINE)
    assert [proto.imgs[0].alt for proto in pictures] == told
    assert len(told) >= len(chapters)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "guide"])
def test_every_document_opens_in_the_language_of_the_page(name: str, language: str) -> None:
    """Planner 19: method, data and office were in English only."""
    app = start(lang=language, section=name)
    text = (FOLDER / DOCUMENTS[name].format(language)).read_text("utf-8")
    assert [h.value for h in app.header] == re.findall(r"^## (.+)$", text, re.MULTILINE)


def test_no_link_leads_out_of_the_app() -> None:
    for name, file in DOCUMENTS.items():
        for language in ("id", "en"):
            text = (FOLDER / file.format(language)).read_text(encoding="utf-8")
            shown = "\n".join(
                content for kind, content, _ in pieces(text, language) if kind in ("table", "text")
            )
            links = re.findall(r"\]\(([^)]*)\)", shown)
            assert [link for link in links if not re.match(r"#|\?lang=", link)] == [], name


def test_text_is_split_at_headings_and_pictures_but_not_inside_code() -> None:
    text = "\n".join(
        [
            *(
                "# Title",
                "One.",
                "",
                "## A part",
                "Two [there](method.en.md#roads), [file](../x.py).",
                "",
            ),
            *(
                "![A map](images/map.en.png)",
                "",
                "```",
                "## no heading",
                "[a](b.md)",
                "| a |",
                "```",
                "### B",
                "| [a](method.en.md) |",
                "|---|",
                "After.",
            ),
        ]
    )
    assert [piece for piece in pieces(text, "en") if piece[1].strip()] == [
        ("text", "One.\n", ""),
        ("heading", "A part", ""),
        ("text", "Two [there](?lang=en&section=method#roads), file.\n", ""),
        ("picture", "images/map.en.png", "A map"),
        ("text", "\n```\n## no heading\n[a](b.md)\n| a |\n```", ""),
        ("subheading", "B", ""),
        ("table", "| [a](?lang=en&section=method) |\n|---|", "B"),
        ("text", "After.", ""),
    ]


@pytest.mark.parametrize(
    ("heading", "expected"),  # as GitHub makes them
    [
        ("5. Kabupaten/kota", "5-kabupatenkota"),
        ("What drives the score: correlation ratio", "what-drives-the-score-correlation-ratio"),
        ("nginx with TLS", "nginx-with-tls"),
        ("Tests of the paper's claims", "tests-of-the-papers-claims"),
    ],
)
def test_headings_are_linked_to_by_the_names_that_github_gives_them(
    heading: str, expected: str
) -> None:
    assert anchor(heading) == expected
