"""先审 Xianshen: the secrecy review that stands between a draft and its publication."""

__version__ = "0.1.0"
