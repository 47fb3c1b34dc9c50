"""Exact top-k evaluation on posting lists that are flat arrays: any, all, and phrases of terms."""

from __future__ import annotations
