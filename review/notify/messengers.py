"""The office's messengers (企业微信, 钉钉, e-mail …) through Apprise; this file alone knows it.

Off unless the operator names addresses. An address is a secret: it is never shown.
"""

import logging

from review.errors import MessengerError, SettingsError

_SUBJECT = "先审提醒"


class AppriseMessengers:
    """Sends each message to all addresses."""

    def __init__(self, urls: str) -> None:
        """Take the addresses, separated by spaces or line ends.

        Raises:
            SettingsError: One is no address that is known here.
        """
        import apprise  # noqa: PLC0415 - loads a hundred services; off by default

        # Its own log tells addresses.
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        self._services = apprise.Apprise()
        for place, url in enumerate(urls.split(), start=1):
            if not self._services.add(url):
                raise SettingsError(
                    f"messenger_urls 的第 {place} 个地址写得不对，"
                    "请按 Apprise 的写法改正，例如 wecombot://机器人密钥"
                )

    def tell(self, message: str) -> None:
        """Send a message.

        Raises:
            MessengerError: It did not go out everywhere.
        """
        sent = self._services.notify(body=message, title=_SUBJECT)
        if not sent:
            raise MessengerError(
                "提醒消息没有全部发出，稍后自动重发；请检查 messenger_urls 和网络。"
            )
