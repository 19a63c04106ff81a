"""A Lease in the cluster says which run is on a segment: two machines share no ``/run/lock``."""
