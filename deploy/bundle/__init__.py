"""One archive that installs without a network: `make bundle`."""
