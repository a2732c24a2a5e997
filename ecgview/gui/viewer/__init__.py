"""The trace area: a pure scene, its painting, and the widget that shows it."""
