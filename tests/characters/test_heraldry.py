from uuid import uuid4
from xml.etree import ElementTree

from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from characters import heraldry

SEED = "5b0b7c1e-6a53-4b2f-9a8e-7f0f2c1d9e11"


def test_the_same_seed_bears_the_same_arms() -> None:
    assert heraldry.crest(SEED) == heraldry.crest(SEED)
    assert len({heraldry.crest(str(uuid4())) for _ in range(40)}) > 30


@given(st.uuids())
def test_metal_lies_on_colour(seed: object) -> None:
    arms = heraldry.arms(str(seed))
    assert arms.under != arms.over
    assert arms.metal in heraldry.METALS
    assert {arms.under, arms.over} <= set(heraldry.COLOURS)


def test_is_an_image_with_a_name() -> None:
    drawing = ElementTree.fromstring(heraldry.crest(SEED))
    assert drawing.get("aria-label") == "Coat of arms"
    assert drawing.get("viewBox") == "0 0 250 350"


def test_is_served_for_ever_and_cannot_run_anything(client: Client) -> None:
    answer = client.get(f"/crests/{SEED}.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get("/crests/not-an-id.svg").status_code == 404
