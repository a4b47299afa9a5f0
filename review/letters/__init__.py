"""The text of pictures: character recognition, offline, from models in a package."""
