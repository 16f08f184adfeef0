"""Makes the coefficients of the classifier of grounds: no part of the running site."""
