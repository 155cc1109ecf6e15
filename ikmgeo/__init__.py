"""ikmgeo: scored small-industry centers of North Sumatra, their districts and industrial zones.

``ikmgeo.analysis`` tells the whole method on one screen; start reading there.
"""

__version__ = "0.2.0"
