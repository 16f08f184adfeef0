"""What the benchmark's letters and words are made of: `material.toml`, read once."""

import tomllib
from pathlib import Path
from typing import Any

MATERIAL: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "material.toml").read_text(encoding="utf-8")
)
