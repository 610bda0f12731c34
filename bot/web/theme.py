"""The page's theme: system fonts, so that nothing is fetched, and the colours of page.css."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def read_styles() -> str:
    """The page's style sheets as one: page.css, which the others build on, first."""
    files = sorted(Path(__file__).parent.glob("*.css"), key=lambda file: file.stem != "page")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def open_theme() -> Any:
    """Gradio's base theme in Newsbot's colours; page.css defines the variables."""
    from gradio.themes import Base, colors, sizes

    theme = Base(
        primary_hue=colors.teal,
        neutral_hue=colors.stone,
        font=SANS,
        font_mono=MONO,
        radius_size=sizes.radius_md,
        text_size=sizes.text_md,
    )
    both = {
        "body_background_fill": "var(--nb-paper)",
        "body_text_color": "var(--nb-ink)",
        "body_text_color_subdued": "var(--nb-soft)",
        "background_fill_primary": "var(--nb-paper)",
        "background_fill_secondary": "var(--nb-card)",
        "border_color_primary": "var(--nb-line)",
        "border_color_accent": "var(--nb-accent)",
        "color_accent_soft": "var(--nb-accent-soft)",
        "link_text_color": "var(--nb-accent)",
        "link_text_color_hover": "var(--nb-accent)",
        "link_text_color_visited": "var(--nb-accent)",
        "link_text_color_active": "var(--nb-accent)",
        "block_background_fill": "transparent",
        "block_border_color": "var(--nb-line)",
        "input_background_fill": "var(--nb-card)",
        "input_border_color": "var(--nb-line)",
        "input_border_color_focus": "var(--nb-accent)",
        "input_placeholder_color": "var(--nb-soft)",
        "button_primary_background_fill": "var(--nb-accent)",
        "button_primary_background_fill_hover": "var(--nb-accent-strong)",
        "button_primary_text_color": "var(--nb-on-accent)",
        "button_secondary_background_fill": "var(--nb-card)",
        "button_secondary_background_fill_hover": "var(--nb-accent-soft)",
        "button_secondary_text_color": "var(--nb-ink)",
        "button_secondary_border_color": "var(--nb-line)",
    }
    dark = {f"{name}_dark": value for name, value in both.items()}
    plain = {"block_border_width": "0px", "block_shadow": "none"}
    return theme.set(**both, **dark, **plain, color_accent="var(--nb-accent)")
