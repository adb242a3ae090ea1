"""Open311 GeoReport v2 and its service discovery: services are the classes of the hotline,
requests its tickets."""
