"""A real WordPress for a test: Debian's package, its own MariaDB, PHP's own web server.

Everything lies in a folder of the test's and ends with it.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from httpx2 import Client, HTTPError, Response

PLUGIN: Final = Path(__file__).parents[2] / "integrations" / "wordpress" / "xianshen"
PACKAGE: Final = Path("/usr/share/wordpress")
NEEDED: Final = ("php", "mariadbd", "mariadb-install-db")
_PATIENCE: Final = 90  # seconds until somebody says that it does not start
PASSWORD: Final = "correct horse 7"  # noqa: S105 - of an invented site

_CONFIG: Final = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT',
          'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) {{
    define($name, md5($name . '{socket}'));
}}
define('WP_HOME', 'http://127.0.0.1:{port}');
define('WP_SITEURL', 'http://127.0.0.1:{port}');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DEBUG', true);
define('WP_DEBUG_DISPLAY', false);
define('WP_DEBUG_LOG', '{folder}/debug.log');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
_ROUTER: Final = """<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/--run') {
    require __DIR__ . '/wp-load.php';
    require_once ABSPATH . 'wp-admin/includes/admin.php';
    $given = json_decode(file_get_contents('php://input'), true);
    $answer = eval($given['code']);
    echo "\\n==answer==", json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_PARTIAL_OUTPUT_ON_ERROR);
    return true;
}
// As the README's rules for nginx have it: WordPress is asked about uploaded files.
if (strpos($path, '/wp-content/uploads/') === 0) {
    $_GET['xianshen_file'] = '1';
    $_SERVER['SCRIPT_NAME'] = '/index.php';
    $_SERVER['PHP_SELF'] = '/index.php';
    require __DIR__ . '/index.php';
    return true;
}
if ($path !== '/' && is_file(__DIR__ . $path)) return false;
if (is_dir(__DIR__ . $path) && is_file(__DIR__ . rtrim($path, '/') . '/index.php')
    && $path !== '/') return false;
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['PHP_SELF'] = '/index.php';
require __DIR__ . '/index.php';
"""
# The classic editor, as its plugin would bring it, for whoever asks for it.
_CLASSIC: Final = """<?php
add_filter('use_block_editor_for_post', function ($is) {
    return isset($_GET['classic']) || isset($_COOKIE['classic']) ? false : $is;
});
add_action('init', function () {
    register_post_meta('post', 'subtitle', ['show_in_rest' => true, 'single' => true, 'type' => 'string']);
});
"""
_SQL: Final = """
$link = mysqli_init();
$link->real_connect('localhost', 'root', '', 'wordpress', 0, $argv[1]);
$link->set_charset('utf8mb4');
$asked = $link->prepare($argv[2]);
$values = array_slice($argv, 3);
if ($values) $asked->bind_param(str_repeat('s', count($values)), ...$values);
$asked->execute();
"""
_INSTALL: Final = """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1';
$_SERVER['REQUEST_URI'] = '/';
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('云山新闻网', 'admin', 'admin@example.edu.cn', false, '', $argv[2]);
update_option('permalink_structure', '/%post_id%/%postname%/');
update_option('timezone_string', 'Asia/Shanghai');
"""


@dataclass
class WordPress:
    """The site: its folder, where it listens, and a way to run PHP inside it."""

    folder: Path
    port: int
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return where the site is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def root(self) -> Path:
        """Return the folder of WordPress itself."""
        return self.folder / "www"

    def run(self, code: str, **given: object) -> Any:
        """Run PHP in a request of its own in which nobody is signed in."""
        names = "".join(f"${name} = $given['{name}'];" for name in given)
        answer = self.nobody().post("/--run", json={"code": names + code, **given})
        said, mark, result = answer.text.partition("\n==answer==")
        assert mark, said + self.faults()
        return json.loads(result)

    def sql(self, statement: str, *values: object) -> None:
        """Write into the database past WordPress."""
        done = subprocess.run(  # noqa: S603 - our own words
            ["php", "-r", _SQL, str(self.folder / "db.sock"), statement]
            + [str(one) for one in values],
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def nobody(self) -> Client:
        """Return the client of a reader."""
        return self._client("")

    def client(self, person: str = "admin") -> Client:
        """Return the client in which somebody is signed in, as a browser would be."""
        known = person in self.clients
        client = self._client(person)
        if not known:
            client.get("/wp-login.php")
            answer = client.post(
                "/wp-login.php",
                data={"log": person, "pwd": PASSWORD, "testcookie": "1"},
            )
            assert answer.status_code == 302, answer.text[:2000]
        return client

    def faults(self) -> str:
        """Return what PHP complained about the plugin so far, and what ended a request."""
        log = self.folder / "debug.log"
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        wanted = ("/plugins/xianshen/", "PHP Fatal", "PHP Parse")
        return "\n".join(one for one in lines if any(word in one for word in wanted))

    def _client(self, person: str) -> Client:
        if person not in self.clients:
            self.clients[person] = Client(
                base_url=self.address, timeout=60, follow_redirects=False
            )
        return self.clients[person]


def missing() -> str:
    """Return what this machine lacks for a WordPress, '' if nothing."""
    absent = [one for one in NEEDED if shutil.which(one) is None]
    if not (PACKAGE / "wp-load.php").exists():
        absent.append("wordpress")
    return ", ".join(absent)


@contextmanager
def started(folder: Path, port: int) -> Iterator[WordPress]:
    """Install a WordPress in the folder, start it, stop it."""
    site = WordPress(folder, port)
    with ExitStack() as until:
        _database(folder, until)
        _lay_out(site)
        _run("php", str(folder / "install.php"), str(site.root), PASSWORD)
        _web_server(site, until)
        yield site
        for one in site.clients.values():
            one.close()


def _database(folder: Path, until: ExitStack) -> None:
    data, socket = folder / "db", folder / "db.sock"
    owner = f"--user={'root' if os.geteuid() == 0 else os.environ.get('USER', '')}"  # noqa: TID251 - who runs the tests
    _run(
        "mariadb-install-db",
        "--no-defaults",
        f"--datadir={data}",
        owner,
        "--skip-test-db",
        "--auth-root-authentication-method=normal",
    )
    said = (folder / "db.log").open("wb")
    until.callback(said.close)
    server = subprocess.Popen(  # noqa: S603 - Debian's own
        [  # noqa: S607 - wherever Debian put it
            "mariadbd",
            "--no-defaults",
            f"--datadir={data}",
            f"--socket={socket}",
            f"--pid-file={folder / 'db.pid'}",
            owner,
            "--skip-networking",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=32M",
        ],
        stdout=said,
        stderr=said,
    )
    until.callback(_end, server)
    make = "CREATE DATABASE wordpress CHARACTER SET utf8mb4"
    ask = (
        "mysqli_report(MYSQLI_REPORT_OFF); $l = mysqli_init();"
        "if (!@$l->real_connect('localhost', 'root', '', null, 0, $argv[1])) exit(1);"
        "exit($l->query($argv[2]) ? 0 : 2);"
    )
    _until(
        lambda: (
            subprocess.run(  # noqa: S603 - our own words
                ["php", "-r", ask, str(socket), make],  # noqa: S607 - wherever Debian put it
                capture_output=True,
                check=False,
            ).returncode
            == 0
        ),
        folder / "db.log",
    )


def _lay_out(site: WordPress) -> None:
    shutil.copytree(PACKAGE, site.root, symlinks=True)
    (site.root / "wp-config.php").unlink()
    settings = _CONFIG.format(
        socket=site.folder / "db.sock", port=site.port, folder=site.folder
    )
    (site.root / "wp-config.php").write_text(settings, "utf-8")
    (site.root / "router.php").write_text(_ROUTER, "utf-8")
    (site.folder / "install.php").write_text(_INSTALL, "utf-8")
    shutil.copytree(PLUGIN, site.root / "wp-content" / "plugins" / "xianshen")
    (site.root / "wp-content" / "uploads").mkdir()
    own = site.root / "wp-content" / "mu-plugins"
    own.mkdir()
    (own / "classic.php").write_text(_CLASSIC, "utf-8")


def _web_server(site: WordPress, until: ExitStack) -> None:
    said = (site.folder / "web.log").open("wb")
    until.callback(said.close)
    server = subprocess.Popen(  # noqa: S603 - Debian's own
        [  # noqa: S607 - wherever Debian put it
            "php",
            "-d",
            "opcache.enable_cli=1",
            "-S",
            f"127.0.0.1:{site.port}",
            "-t",
            str(site.root),
            str(site.root / "router.php"),
        ],
        env={**os.environ, "PHP_CLI_SERVER_WORKERS": "4"},  # noqa: TID251 - handed on
        stdout=said,
        stderr=said,
        start_new_session=True,
    )
    until.callback(_end_group, server)
    _until(lambda: _answers(site.address), site.folder / "web.log")


def _answers(address: str) -> bool:
    try:
        with Client(timeout=30) as client:
            answer: Response = client.get(f"{address}/wp-login.php")
    except HTTPError:
        return False
    return answer.is_success


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, check=False, text=True)  # noqa: S603 - Debian's own
    assert done.returncode == 0, done.stdout + done.stderr


def _until(told: Callable[[], object], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while not told():
        assert time.monotonic() < end, log.read_text("utf-8", "replace")
        time.sleep(0.1)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(30)


def _end_group(server: subprocess.Popen[bytes]) -> None:
    """End PHP's web server with its workers, which are its children."""
    os.killpg(server.pid, 15)
    server.wait(30)
