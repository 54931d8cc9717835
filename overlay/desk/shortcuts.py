"""The keys of the desk, as its page lists them; `static/desk/js/keyboard.js` obeys them."""

SHORTCUTS = (
    ("1 … 9", "Choose or leave the first, second, … of the party"),
    ("A", "Choose all, or none"),
    ("D · H · T", "Damage, healing, temporary hit points: type the number, Enter applies it"),
    ("C", "Conditions"),
    ("I", "Inspiration, given or taken"),
    ("F", "Full, half, none: for all who are chosen"),
    ("S · X", "Death save passed, failed (of who is chosen and down)"),
    ("U", "Undo the last event"),
    ("N", "Next turn"),
    ("O", "On or off the overlay (who is chosen)"),
    ("R", "Roll"),
    ("E", "Custom event"),
    ("L", "Last events"),
    ("Esc", "Choose nobody"),
    ("?", "This list"),
)
