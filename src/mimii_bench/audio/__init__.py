"""From the bytes of a recording to one channel of samples."""
