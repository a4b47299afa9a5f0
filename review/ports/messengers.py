"""Messages to people outside the program: 企业微信, 钉钉, e-mail."""

from typing import Protocol


class Messengers(Protocol):
    """Tells the office, by whatever means its operator set up."""

    def tell(self, message: str) -> None:
        """Send a message: case numbers and what waits, never a title or a draft's words.

        Raises:
            MessengerError: It did not go out; it is tried again later.
        """
        ...
