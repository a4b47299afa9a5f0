"""What Office packages share: parts, drawings, charts, leftovers."""
