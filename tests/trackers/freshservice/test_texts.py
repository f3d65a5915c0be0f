"""I14: text is equal after a round trip, and what a partner writes never becomes HTML of its own."""

import html as entities
import re
import time

import nh3
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from trackers.freshservice import texts
from trackers.freshservice.texts import (
    inline_images,
    line_html,
    read_html,
    to_html,
    to_markdown,
    with_images,
    write_html,
)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("", ""),
        ("<div>Since Monday, on two laptops.</div>", "Since Monday, on two laptops."),
        ("<div>one</div><div>two</div>", "one\n\ntwo"),
        ("<p>one<br>two<br/>\n three</p>", "one\ntwo\nthree"),
        ("<p>a&nbsp;b</p><p>&nbsp;</p>", "a b"),
        ("<p>snake_case, C++, 5 * 3, a & b, [INFO] 1-2</p>", "snake_case, C++, 5 * 3, a & b, [INFO] 1-2"),
        ("<p>*not bold* `no code` _no_</p>", r"\*not bold\* \`no code\` \_no\_"),
        ("<p># no heading</p><p>- no item</p><p>1. no item</p>", "\\# no heading\n\n\\- no item\n\n1\\. no item"),
        ("<p>&lt;b&gt; &amp;lt;</p>", r"\<b> \&lt;"),
        ("<p><b>bold</b> and <i>slanted</i></p>", "**bold** and *slanted*"),
        ("<p><b>a</b><strong> b</strong></p>", "**a b**"),
        ("<p><b>bold.</b>word</p>", "bold.word"),  # CommonMark would show the asterisks
        ("<b><p>one</p><p>two</p></b>", "**one**\n\n**two**"),
        ("<h2>Title</h2><hr><p>x</p>", "## Title\n\n---\n\nx"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol start='3'><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<blockquote><p>q</p><p>r</p></blockquote>after", "> q\n>\n> r\n\nafter"),
        ("<pre>a\n  ```b</pre>", "````\na\n  ```b\n````"),
        ("<p><code>x`y</code></p>", "`` x`y ``"),
        ('<a href="https://x.example/a_b">https://x.example/a_b</a>', "<https://x.example/a_b>"),
        ('<a href="http://y.example/(q)">he[re]</a>', r"[he\[re\]](http://y.example/%28q%29)"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('<a href="mailto:ana@acme.example">Ana</a>', "[Ana](mailto:ana@acme.example)"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"),
        ("<table><tr><td><p>one</p><p>two</p></td></tr></table>", "one\n\ntwo"),
        ("<script>alert(1)</script><style>p{}</style><title>t</title>ok", "ok"),
        ("<section>a</section><section>b</section>", "a\n\nb"),
        ("<span style='color:red'>a</span><font>b</font>", "ab"),
        (
            '<p><img src="x?token=t" class="inline-image" data-id="27011200500" alt="net.png"> see</p>',
            "(image: net.png) see",
        ),
        ('<img src="x" data-id="27011200500">', "(image: image-27011200500)"),
        ('<img src="https://tracker.example/p.gif">x', "x"),
        ("no tags, /tmp/x", "no tags, /tmp/x"),
        ("a\x00b", "ab"),
    ],
)
def test_html_reads_as_people_would_write_it(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown
    assert to_markdown(to_html(markdown)) == markdown


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("", ""),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<b onclick=x>b</b>", "<p>&lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](https://a.example/?q='\")", None),
        ("![x](https://tracker.example/p.gif)", '<p>!<a href="https://tracker.example/p.gif">x</a></p>'),
        ("&lt;b&gt;", "<p>&lt;b&gt;</p>"),
    ],
)
def test_i14_html_in_a_partners_text_stays_text(markdown: str, html: str | None) -> None:
    made = to_html(markdown)
    assert html is None or made == html
    assert set(re.findall(r"<([a-z0-9]+)", made)) <= {"p", "br", "a"}
    assert not re.search(r"<[^>]*\son|<[^>]*javascript:", made)


TAGS = st.sampled_from(
    [
        *("p", "div", "b", "strong", "i", "em", "a", "code", "pre", "ul", "ol", "li", "blockquote", "h1", "h3"),
        *("table", "tr", "td", "th", "br", "hr", "img", "span", "font", "u", "section", "dl", "dt", "dd"),
    ]
)
WORDS = st.one_of(
    st.text(alphabet="ab*_`#>-+=[]()!&<1.\\ \n|~:'\"/é", max_size=12),
    st.sampled_from(
        ["1. ", "- ", "# ", "***", "---", "===", "~~~", "```", "&amp;", "&nbsp;", "http://a.example", "![a](b)"]
    ),
    st.text(max_size=6),
)
ATTRIBUTES = st.sampled_from(
    ["", "", ' href="https://a.example/x_y?q=(1)&z"', ' href="javascript:x"', ' start="7"', ' data-id="12" alt="a*b"']
)


def element(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def built(tag: str, attributes: str, inside: list[str], is_closed: bool) -> str:
        return f"<{tag}{attributes}>{''.join(inside)}" + (f"</{tag}>" if is_closed else "")

    return st.builds(built, TAGS, ATTRIBUTES, st.lists(content, max_size=4), st.booleans())


HTML = st.recursive(st.builds(lambda text: entities.escape(text), WORDS) | WORDS, element, max_leaves=12)
BRIEF = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
THOROUGH = settings(BRIEF, max_examples=1_500)


def comes_back_the_same(html: str) -> None:
    text = to_markdown(html)
    assert to_markdown(to_html(text)) == text


def settles_after_it_was_written_once(markdown: str) -> None:
    html = to_html(markdown)
    comes_back_the_same(html)
    assert nh3.clean(html, tags=texts._WRITTEN, attributes=texts._WRITTEN_ATTRIBUTES, link_rel=None) == html


@BRIEF
@given(HTML)
@example("1<b></b>. x")
@example("<b>a</b><i>b</i><b>c</b>")
def test_i14_what_a_desk_shows_comes_back_the_same(html: str) -> None:
    comes_back_the_same(html)


@BRIEF
@given(st.text() | HTML)
def test_i14_any_text_of_a_partner_settles_after_it_was_written_once(markdown: str) -> None:
    settles_after_it_was_written_once(markdown)


@pytest.mark.slow
@THOROUGH
@given(HTML)
def test_i14_what_a_desk_shows_comes_back_the_same_many_times(html: str) -> None:
    comes_back_the_same(html)


@pytest.mark.slow
@THOROUGH
@given(st.text() | HTML)
def test_i14_any_text_of_a_partner_settles_many_times(markdown: str) -> None:
    settles_after_it_was_written_once(markdown)


@BRIEF
@given(st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=8), min_size=1, max_size=6), HTML)
def test_i14_no_word_is_lost(words: list[str], around: str) -> None:
    html = f"<div>{around}</div></table></pre></code></a><p>{' '.join(words)}</p>"
    shown = " ".join(to_markdown(html).replace("\\", "").replace("*", "").split())
    assert "".join(words) in shown.replace(" ", "").replace("|", "").replace(">", "")


def test_a_marker_line_stays_the_last_line() -> None:
    html = to_html("- a list\n- that goes on") + line_html("A_b <Co> #372 · drawbridge:abcdefgh2345")
    assert to_markdown(html).splitlines()[-1].endswith("#372 · drawbridge:abcdefgh2345")


def test_images_of_a_text_are_found_once_each_and_in_order() -> None:
    html = '<img data-id="2" alt="b.png"><p><img data-id="1"><img data-id="2"><img data-id="x"><img src="y"></p>'
    assert [(image.id, image.name) for image in inline_images(html)] == [("2", "b.png"), ("1", "image-1")]


def test_images_stay_in_a_description_that_is_written_anew() -> None:
    before = (
        '<p>old</p><img src="https://a.freshservice.com/i?token=t&amp;u" class="inline-image" data-id="7" alt="a&b">'
    )
    html = with_images(to_html("new text\n\n(image: a&b)\n\n(image: other)"), before)
    assert 'src="https://a.freshservice.com/i?token=t&amp;u"' in html
    assert to_markdown(html) == "new text\n\n(image: a&b)\n\n(image: other)"
    assert [image.id for image in inline_images(html)] == ["7"]


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote>" * 5_000 + "x",
        "<div>a" * 4_000,
        "<b><i>" * 400 + "x",
        "<p>a</p>" * 4_000,
        "<ol>" + "<li>x" * 2_000,
        "<table><tr><td>" * 300 + "x",
        "x" * 2_000_000,
        "<!" * 5_000,
    ],
)
async def test_hostile_html_keeps_its_words_and_nobody_waiting_long(html: str) -> None:
    started = time.perf_counter()
    assert re.sub(r"<[^>]*>|[<!]", "", html)[:1] in await read_html(html)
    assert time.perf_counter() - started < 20  # seconds where the square would be minutes


@pytest.mark.parametrize("markdown", ["[" * 20_000, "> " * 20_000, "`a" * 20_000, "**a*" * 8_000, "\\" * 60_001])
async def test_a_hostile_text_is_written_in_the_end(markdown: str) -> None:
    assert await write_html(markdown)
