"""A whole show in a temporary folder, with speech-like recordings and a clock that is set by hand."""
