"""Where clips come from: the published zips, unpacked folders, or the simulation."""
