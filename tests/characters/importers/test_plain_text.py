import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.importers.plain_text import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        (None, ""),
        (7, ""),
        ("A sailor.", "A sailor."),
        ("<p>A <b>sailor</b>.</p><p>From  the\nsea.</p>", "A sailor.\n\nFrom the\nsea."),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("salt &amp; rope &lt;3", "salt & rope <3"),
        ("before<script>alert(1)</script><style>p{}</style>after", "beforeafter"),
        ("@UUID[Actor.abc]{the captain} sails", "the captain sails"),
        ("see @JournalEntry[abc]", "see"),
        ("&Reference[prone]{Prone} and &Reference[poisoned]", "Prone and poisoned"),
        ("[[/roll 1d20]]{luck} and [[1d6]]", "luck and"),
        ("a<section class='secret' id='x'><p>the heir</p></section>b", "a\nb"),
        ("a<section class='big secret'><section>x</section>y</section>b", "a\n\nb"),
        ("a<section class='secret revealed'>known</section>", "a\nknown"),
        ("a<section class='secret'>never closed", "a"),
        ("a<section class=SECRET>x</section>", "a"),
        ("nul\x00 and \ud800", "nul and"),
        ("<![foo[", ""),
        ("3 < 4 > 2 <3", "3 < 4 > 2 <3"),
        ("a<!-- <p>note</p> -->b<!-- never closed", "ab"),
        ("a<section title='>' class='secret'>x</section>b", "a\nb"),
        ("a<section class='secret' title='x>hidden", "a"),
        ("before<SCRIPT>if (a<b) {}</SCRIPT>after", "beforeafter"),
    ],
)
def test_text(markup, text):
    assert plain_text(markup) == text


def test_length():
    assert plain_text("word " * 2000) == ("word " * 2000)[:4000].rstrip()
    assert plain_text("abc", longest=2) == "ab"


@pytest.mark.parametrize(
    "piece",
    ["<!", "<![", "<!--", "@a[", "[[", "&Reference[", "<a ", '<a "', "</", "&", "<section class='", "<section>"],
)
def test_hostile_markup_takes_no_time(piece):
    started = time.thread_time()
    plain_text(piece * 200_000)
    assert time.thread_time() - started < 2


@given(st.text(st.sampled_from("<>!/-[]{}&;@ab ='\"section"), max_size=200))
def test_never_raises(markup):
    assert len(plain_text(markup)) <= 4000
