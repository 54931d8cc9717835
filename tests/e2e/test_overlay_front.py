"""The overlay's page in a real browser, on states of ours and a socket that says what a test tells it to.

Nothing of the server but the templates takes part: the whole way is tested elsewhere.
"""

import io
import json
import mimetypes
import time
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from PIL import Image
from playwright.sync_api import Page, Route, WebSocketRoute

from overlay.badges import badges
from tests.e2e.waiting import until

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "https://overlay.test"
POLICY = "default-src 'self'; img-src 'self' data:; connect-src 'self' wss://overlay.test"
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 5 7"><rect width="5" height="7" fill="#345"/></svg>'
WIDE = [(1280, 720), (1920, 1080), (2560, 1440), (3840, 2160)]
TALL = (1080, 1920)


def hero(key, name, hp, **changes):
    stats = {
        "hp": hp,
        "ac": 15,
        "abilities": {"str": 16},
        "conditions": ["prone"],
        "death_saves": {"success": 0, "failure": 0},
        "tracks": {},
        **changes.pop("stats", {}),
    }
    character = {"id": key, "name": name, "class": "Bard", "race": "Elf", "level": 7, "player_name": "Noor"}
    pictures = {"portrait_url": "/pictures/a.svg", "crest_url": "/pictures/crest.svg", "focal": {"x": 0.5, "y": 0.2}}
    return {**character, **pictures, "status": "active", "accent": "#6cc5b0", "version": 1, **changes, "stats": stats}


def points(current, most=40, temp=0):
    return {"current": current, "max": most, "temp": temp}


def company():
    boxes = {"max": 7, "superficial": 2, "aggravated": 1}
    tracks = {"health": boxes, "hunger": {"value": 3, "max": 5}, "humanity": {"value": 7, "stains": 2, "max": 10}}
    return [
        hero("a", "Isaura Vane", points(30, temp=6)),
        hero("b", "B" * 60, points(0), stats={"death_saves": {"success": 2, "failure": 1}}),
        hero("c", "", {"fraction": 0.62, "temp": True}),
        hero("d", "Elena", None, stats={"tracks": tracks, "ac": 0}),
        hero("e", "Ulf", {"band": "critical"}, status="dead"),
        hero("f", "Maro", None, status="retired"),
    ]


def bootstrap(characters, **parts):
    held = {
        "type": "BOOTSTRAP",
        "seq": 41,
        "epoch": "e1",
        "ts": 0,
        "build": "b1",
        "audience": "viewer",
        "campaign": {"id": "c", "theme": {}, "lowPower": False},
        "characters": characters,
        "roster": [character["id"] for character in characters],
        "rosterTiers": {},
        "layoutOverrides": {},
        "episode": None,
        "story": None,
    }
    return {**held, **parts}


class Stage:
    """Answers the browser: pages from the templates, static files, pictures, and the campaign's socket."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.state = bootstrap(company())
        self.status = 200
        self.sockets: list[WebSocketRoute] = []
        self.heard: list[dict[str, object]] = []
        self.addresses: list[str] = []
        page.route(f"{ORIGIN}/**", self.answer)
        page.route_web_socket("**/ws**", self.connect)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0].split("#")[0]
        if path.startswith("/static/"):
            kind = mimetypes.guess_type(path)[0]
            route.fulfill(body=(ROOT / path.lstrip("/")).read_bytes(), content_type=kind)
        elif path.startswith("/pictures/gone"):
            route.fulfill(status=404)
        elif path.startswith("/pictures/"):
            route.fulfill(body=PICTURE, content_type="image/svg+xml")
        else:
            body = self.html(route.request.url) if self.status == 200 else render_to_string("overlay/unavailable.html")
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(status=self.status, body=body, headers=headers)

    def html(self, url: str) -> str:
        tier = "compact" if "tier=compact" in url else "medium" if "tier=medium" in url else "large"
        drawn = badges(self.state, tier) if self.state else []
        context = {"ws": "/campaigns/c/ws", "tier": tier, "layout": tier, "build": "b1", "low_power": False}
        return render_to_string("overlay/overlay.html", {**context, "state": self.state, "badges": drawn})

    def connect(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        self.addresses.append(socket.url)
        socket.on_message(lambda text: self.heard.append(json.loads(text)))

    def open(self, query: str = "") -> Page:
        self.page.goto(f"{ORIGIN}/overlay/c{query}")
        return self.page

    def live(self, query: str = "") -> Page:
        self.open(query)
        self.page.wait_for_selector("campaign-overlay[data-connection=open]", state="attached")
        return self.page

    def say(self, message: dict[str, object]) -> None:
        # A `ts` of 0 is of no age: what this machine is slow to hear moves all the same.
        self.sockets[-1].send(json.dumps({"epoch": "e1", "ts": 0, **message}))

    def roll(self, seq: int, words: str, **extra: object) -> None:
        dice = [{"sides": 10, "value": 9}, {"sides": 10, "value": 2}, {"sides": 10, "value": 1, "kind": "desperation"}]
        facts = {"id": "r", "kind": "pool", "outcome": "choice", "words": words, "summary": "", "difficulty": 1}
        data = {"type": "ROLL", "characterId": "d", "label": "Strength + Brawl", "total": 1, "dice": dice}
        self.say({"type": "EVENT", "seq": seq, "data": {**data, "roll": facts, **extra}})
        self.page.wait_for_selector(f"campaign-overlay[data-seq='{seq}']", state="attached")

    def hit(self, seq: int, current: int, delta: int | None, **extra: object) -> None:
        stats = {**company()[0]["stats"], "hp": points(current)}
        data = {"type": "HP_CHANGE", "characterId": "a", "delta": delta, "kind": "fire", "stats": stats, "version": seq}
        self.say({"type": "EVENT", "seq": seq, "data": {**data, **extra}})
        self.page.wait_for_selector(f"campaign-overlay[data-seq='{seq}']", state="attached")


@pytest.fixture
def stage(page):
    return Stage(page)


def alpha(page: Page) -> tuple[int, int]:
    """Least and greatest opacity of the picture, 0 to 255."""
    shot = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
    seen = shot.getchannel("A").tobytes()
    return min(seen), max(seen)


def boxes(page: Page) -> dict[str, list[float]]:
    script = """() => Object.fromEntries([...document.querySelectorAll('.badge, .badge .plate, .badge .arch, hp-bar')]
        .map((node, at) => { const r = node.getBoundingClientRect(); return [at, [r.x, r.y, r.right, r.bottom]]; }))"""
    return page.evaluate(script)


def freeze(page: Page, rate: int = 0) -> None:
    """Animations stand still, so that it does not matter when they are looked at. With a `rate` of 1 they go on."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("Animation.enable")
    debugger.send("Animation.setPlaybackRate", {"playbackRate": rate})


def text(page: Page, selector: str) -> str:
    return page.locator(f"[data-character-id=a] {selector}").inner_text()


def test_the_script_takes_over_what_the_server_painted(stage):
    shape = """(root) => [...root.querySelectorAll('.badge, .chips[data-detached]')].map((badge) =>
        [badge, ...badge.querySelectorAll('*')].map((node) => [node.tagName, node.className, node.hidden,
        node.children.length ? '' : node.textContent, ...node.getAttributeNames().filter((n) => n !== 'style').sort()
        .map((n) => `${n}=${Number.isNaN(parseFloat(node.getAttribute(n))) ? node.getAttribute(n)
            : parseFloat(node.getAttribute(n)).toFixed(6)}`)]))"""
    layout = {"badges": {"a": {"x": 0.3, "y": 0.5, "visible": False}}, "chips": {"b": {"x": 0.1, "y": 0.2}}}
    card = {"stats": [{"key": "abilities.str", "label": "STR", "shape": "circle"}]}
    stage.state = bootstrap(company(), layoutOverrides={"large": {**layout, "card": card}})
    page = stage.live()
    page.evaluate("(html) => { window.painted = new DOMParser().parseFromString(html, 'text/html') }", stage.html(""))
    server, browser = page.evaluate(f"() => [({shape})(window.painted), ({shape})(document)]")
    assert len(server) == 7
    assert browser == server


def test_a_bootstrap_draws_the_same_as_the_server(stage):
    page = stage.live()
    painted = page.screenshot(omit_background=True)
    page.evaluate("document.querySelector('campaign-overlay').replaceChildren()")
    stage.state = None
    page.reload()
    page.wait_for_selector("campaign-overlay[data-connection=open]", state="attached")
    assert alpha(page) == (0, 0)
    stage.sockets[-1].send(json.dumps(bootstrap(company())))
    page.wait_for_selector("campaign-overlay[data-seq='41'] .portrait img", state="attached")
    page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
    assert page.screenshot(omit_background=True) == painted


def arranged(tier):
    """Some placed by the editor, one with a card of its own, the others flowing."""
    placed = {"a": {"x": 0.41237, "y": 0.31416}, "b": {"x": 0.7, "y": 0.9, "scale": 1.337, "z": 4}}
    tall = {"badges": {"a": {"x": 0.05, "y": 0.2718}, "b": {"x": 0.3141, "y": 0.5772, "scale": 0.618}}, "chips": {}}
    cards = {"a": {"role": False, "stats": [{"key": "abilities.str", "label": "STR", "shape": "circle"}]}}
    layout = {"badges": placed, "chips": {"c": {"x": 0.1, "y": 0.1}}, "tall": tall, "card": {}, "cards": cards}
    return bootstrap(company(), layoutOverrides={tier: layout}), layout


def foot(page, key):
    box = page.locator(f".badge[data-character-id={key}]").bounding_box()
    return box["x"], box["y"] + box["height"]


def stand_where_they_were_put(page, places, width, height):
    wanted = {key: pytest.approx((place["x"] * width, place["y"] * height), abs=1.0) for key, place in places.items()}
    until(page, lambda: all(foot(page, key) == place for key, place in wanted.items()))


@pytest.mark.parametrize("tier", ["large", "medium", "compact"])
def test_the_picture_is_the_same_at_every_wide_size(new_page, tier):
    seen = {}
    for width, height in WIDE:
        stage = Stage(new_page(viewport={"width": width, "height": height}))
        stage.state, layout = arranged(tier)
        page = stage.live(f"?tier={tier}")
        stand_where_they_were_put(page, layout["badges"], width, height)
        seen[width] = {key: [edge * 1280 / width for edge in box] for key, box in boxes(page).items()}
        page.close()
    first = seen.pop(1280)
    assert len(first) == 6 * 4
    for width, found in seen.items():
        for key, box in first.items():
            # Text is hinted to whole pixels of its own size, so a line may be a part of a pixel higher.
            assert box == pytest.approx(found[key], abs=1.0), f"{key} at {width}"


def test_upright_is_larger_and_whole(new_page):
    page = Stage(new_page(viewport={"width": TALL[0], "height": TALL[1]})).live()
    drawn = page.evaluate("[...document.querySelectorAll('.badge')].map((b) => b.getBoundingClientRect().toJSON())")
    assert all(box["left"] >= 0 and box["right"] <= TALL[0] and box["top"] >= 0 for box in drawn)
    assert all(box["width"] > TALL[0] * 0.4 for box in drawn)
    assert float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('.role')).fontSize)")) > 18


def test_upright_has_places_of_its_own(new_page):
    stage = Stage(new_page(viewport={"width": TALL[0], "height": TALL[1]}))
    stage.state, layout = arranged("large")
    page = stage.live()
    stand_where_they_were_put(page, layout["tall"]["badges"], *TALL)
    page.set_viewport_size({"width": 1920, "height": 1080})
    stand_where_they_were_put(page, layout["badges"], 1920, 1080)


def test_a_character_s_own_colours_go_before_the_theme(stage):
    cards = {"a": {"colours": {"hp": "#112233", "accent": "#445566"}}, "b": {"ac_shape": "diamond"}}
    stage.state = bootstrap(company(), layoutOverrides={"large": {"badges": {}, "cards": cards}})
    page = stage.live()
    colours = """(id) => {
        const style = getComputedStyle(document.querySelector(`.badge[data-character-id=${id}]`));
        return ['--hp', '--accent'].map((name) => style.getPropertyValue(name));
    }"""
    assert page.evaluate(colours, "a") == ["#112233", "#445566"]
    assert page.evaluate(colours, "c")[1] == "#6cc5b0"
    assert page.locator(".badge[data-character-id=b] .ac").get_attribute("data-shape") == "diamond"
    bare: dict[str, dict[str, str]] = {part: {} for part in ("badges", "chips", "card", "cards")}
    stage.say({"type": "LAYOUT_UPDATED", "seq": 42, "data": {"tier": "large", "layout": bare}})
    page.wait_for_selector("campaign-overlay[data-seq='42']", state="attached")
    assert page.evaluate(colours, "a") == [page.evaluate(colours, "c")[0], "#6cc5b0"]
    assert page.locator(".badge[data-character-id=b] .ac").get_attribute("data-shape") is None


@pytest.mark.parametrize("size", [*WIDE, TALL])
def test_nothing_opaque_beside_the_badges(new_page, size):
    page = Stage(new_page(viewport={"width": size[0], "height": size[1]})).live()
    assert alpha(page) == (0, 255)
    page.evaluate("document.querySelectorAll('.badge').forEach((badge) => badge.remove())")
    assert alpha(page) == (0, 0)


class TestErrors:
    @pytest.mark.allow_console_errors
    @pytest.mark.parametrize("status", [404, 500, 503])
    def test_an_error_page_is_transparent_and_comes_back(self, stage, status):
        stage.status = status
        page = stage.open()
        assert alpha(page) == (0, 0)
        stage.status = 200
        page.wait_for_selector(".badge")

    @pytest.mark.parametrize("code", [4401, 4403, 4404])
    def test_a_campaign_that_may_no_longer_be_shown_leaves_nothing(self, stage, code):
        page = stage.live()
        stage.sockets[-1].close(code=code)
        page.wait_for_selector(".badge", state="detached")
        assert alpha(page) == (0, 0)

    def test_a_wrong_key_shows_nothing(self, stage):
        stage.state = None
        page = stage.live("#key=trp_overlay_wrong")
        assert "key" not in stage.addresses[-1] and "auth=1" in stage.addresses[-1]
        until(page, lambda: stage.heard)
        assert stage.heard[0] == {"type": "AUTH", "token": "trp_overlay_wrong"}
        stage.sockets[-1].close(code=4401)
        page.wait_for_selector("campaign-overlay[data-connection=waiting]", state="attached")
        assert alpha(page) == (0, 0)

    def test_a_server_that_dies_leaves_the_last_picture_and_is_found_again(self, stage):
        page = stage.live()
        stage.sockets[-1].close(code=1012)
        page.wait_for_selector("campaign-overlay[data-connection=waiting]", state="attached")
        assert page.locator(".badge").count() == 6
        page.wait_for_selector("campaign-overlay[data-connection=open]", state="attached")
        assert stage.addresses[-1].endswith("?seq=41&epoch=e1")
        stage.hit(42, 20, -10)
        assert text(page, "hp-bar b") == "20 / 40"

    @pytest.mark.allow_console_errors
    def test_pictures_that_fail(self, stage):
        gone = {"portrait_url": "/pictures/gone.webp"}
        stage.state = bootstrap(
            [hero("a", "A", points(9), **gone), hero("b", "B", points(9), **gone, crest_url="/pictures/gone.svg")]
        )
        page = stage.live()
        page.wait_for_selector("[data-character-id=a] img[src='/pictures/crest.svg']")
        page.wait_for_selector("[data-character-id=b] img", state="hidden")


class TestLive:
    def test_a_hit_moves_the_bar_at_once_and_a_number_rises(self, stage):
        page = stage.live()
        freeze(page)
        stage.hit(42, 23, -7)
        assert text(page, "hp-bar b") == "23 / 40"
        assert text(page, ".hit") == "−7"
        stage.hit(43, 18, -5)
        assert page.locator(".hit").all_inner_texts() == ["−12"]
        freeze(page, 1)
        page.wait_for_selector(".hit", state="detached")

    @pytest.mark.parametrize(("delta", "extra"), [(-7, {"undo": 40}), (None, {})])
    def test_no_number_for_what_is_undone_or_unknown(self, stage, delta, extra):
        page = stage.live()
        stage.hit(42, 23, delta, **extra)
        assert text(page, "hp-bar b") == "23 / 40"
        assert page.locator(".hit").count() == 0

    def test_an_old_hit_is_applied_without_motion(self, stage):
        page = stage.live()
        stats = {**company()[0]["stats"], "hp": points(1)}
        data = {"type": "HP_CHANGE", "characterId": "a", "delta": -7, "stats": stats, "version": 2}
        stage.say({"type": "EVENT", "seq": 42, "ts": int(time.time() * 1000) - 2_500, "data": data})
        page.wait_for_selector("campaign-overlay[data-seq='42']", state="attached")
        assert text(page, "hp-bar b") == "1 / 40"
        assert page.locator(".hit").count() == 0

    @pytest.mark.parametrize("query", ["", "?lowpower=1"])
    def test_a_roll_is_a_card_at_its_badge(self, stage, query):
        """It says what fell; a choice takes its place, an undo takes it away; in low power nothing of it moves."""
        page = stage.live(query)
        freeze(page)
        stage.roll(42, "Overreach or despair")
        card = page.locator(".badge[data-character-id=d] .roll")
        assert card.locator(".asked").inner_text() == "Strength + Brawl"
        assert card.locator("i").all_inner_texts() == ["9", "2", "1"]
        assert card.locator("i[data-kind=desperation]").count() == 1
        assert page.evaluate("document.getAnimations().length") == (0 if query else 1)
        stage.roll(43, "Success, overreach")
        assert card.locator("strong").all_inner_texts() == ["Success, overreach"]
        stage.roll(44, "Success, overreach", undo=43)
        assert card.count() == 0

    @pytest.mark.parametrize("query", ["?lowpower=1", "?tier=large&lowpower=1"])
    def test_low_power_by_address(self, stage, query):
        page = stage.live(query)
        stage.hit(42, 23, -7)
        assert page.locator(".hit").count() == 0
        assert page.evaluate("document.getAnimations().length") == 0

    def test_low_power_by_the_campaign(self, stage):
        page = stage.live()
        stage.say({"type": "CAMPAIGN_UPDATED", "seq": 42, "data": {"id": "c", "theme": {}, "lowPower": True}})
        stage.hit(43, 23, -7)
        assert page.locator(".hit").count() == 0

    def test_reduced_motion(self, new_page):
        stage = Stage(new_page(reduced_motion="reduce"))
        page = stage.live()
        stage.hit(42, 23, -7)
        assert text(page, "hp-bar b") == "23 / 40"
        assert page.evaluate("document.getAnimations().length") == 0

    def test_only_transform_and_opacity_move(self, stage):
        page = stage.live()
        freeze(page)
        stage.hit(42, 23, -7)
        moved = page.evaluate(
            "document.getAnimations().flatMap((a) => a.effect.getKeyframes()).flatMap((k) => Object.keys(k))"
        )
        assert moved and set(moved) <= {"transform", "opacity", "offset", "computedOffset", "easing", "composite"}

    def test_roster_layout_theme_and_deletion(self, stage):
        page = stage.live()
        nodes = "[...document.querySelectorAll('.badge')].map((badge) => badge.dataset.characterId).join('')"
        stage.say(
            {"type": "ROSTER_UPDATED", "seq": 42, "data": {}, "roster": ["d", "a"], "rosterTiers": {"d": "compact"}}
        )
        layout = {"badges": {"a": {"x": 0.5, "y": 0.5, "scale": 2}}, "chips": {"a": {"x": 0.1, "y": 0.2}}, "card": {}}
        stage.say({"type": "LAYOUT_UPDATED", "seq": 43, "data": {"tier": "large", "layout": layout}})
        theme = {"accent": "#112233", "hp": "#445566", "text": "url(x)"}
        stage.say({"type": "CAMPAIGN_UPDATED", "seq": 44, "data": {"id": "c", "theme": theme}})
        page.wait_for_selector("campaign-overlay[data-seq='44']", state="attached")
        assert page.evaluate(nodes) == "da"
        assert page.locator("[data-character-id=d]").get_attribute("data-tier") == "compact"
        box = page.locator(".badge[data-character-id=a]").bounding_box()
        width, height = 1280, 720
        assert (box["x"], box["y"] + box["height"]) == pytest.approx((width / 2, height / 2), abs=0.6)
        assert box["width"] == pytest.approx(2 * 0.175 * width, abs=0.6)
        assert page.locator(".chips[data-detached] .chip").all_inner_texts() == ["Prone"]
        style = page.locator("campaign-overlay").get_attribute("style")
        assert "--hp: #445566" in style and "url" not in style
        stage.say({"type": "LAYOUT_UPDATED", "seq": 45, "data": {"tier": "large", "layout": None}})
        stage.say({"type": "CHAR_DELETED", "seq": 46, "data": {"id": "d"}})
        page.wait_for_selector("campaign-overlay[data-seq='46']", state="attached")
        assert page.evaluate(nodes) == "a"
        assert page.locator(".badge .chips .chip").all_inner_texts() == ["Prone"]

    def test_status_tells_the_gm_what_this_source_is(self, new_page):
        page = new_page(viewport={"width": 800, "height": 600})
        page.add_init_script("window.obsstudio = {pluginVersion: '2.24.4', getStatus: (f) => f({streaming: true})}")
        stage = Stage(page)
        stage.live()
        until(page, lambda: stage.heard)
        told = {
            "seq": 41,
            "width": 800,
            "height": 600,
            "build": "b1",
            "visible": True,
            "obs": "2.24.4",
            "tier": "large",
        }
        heard = stage.heard[-1]
        assert heard.pop("source")  # another with every page
        assert heard == {"type": "STATUS", **told, "streaming": True, "lag": None}

    def test_another_build_reloads_when_obs_hides_the_source(self, stage):
        page = stage.live()
        page.evaluate("window.mark = 1")
        stage.say(bootstrap(company(), seq=42, build="b2"))
        page.wait_for_selector("campaign-overlay[data-seq='42']", state="attached")
        assert page.evaluate("window.mark") == 1
        with page.expect_navigation():
            page.evaluate("dispatchEvent(new CustomEvent('obsSourceVisibleChanged', {detail: {visible: false}}))")
        assert page.evaluate("window.mark") is None
