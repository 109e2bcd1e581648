"""A poster with a team's link, as paper and as a picture. Loaded by its command alone: libraries
that draw would slow every other start.
"""
