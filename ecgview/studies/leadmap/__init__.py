"""What each lead is worth: how well every lead comes back from each set of available leads.

After the heat maps of Gradowski & Buchner (2025), for a population and live for one recording.
"""
