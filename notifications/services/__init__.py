"""Acts on comments and questions."""
