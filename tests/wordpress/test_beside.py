"""What stands beside the ways of publishing: media, files, every way out, settings."""

import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.service.site import TITLE
from tests.wordpress.desk import Desk
from tests.wordpress.server import PLUGIN
from tests.wordpress.ways import (
    by_program,
    by_rest,
    new_by_program,
    new_by_rest,
    new_by_weblog_call,
    new_by_xmlrpc,
    new_page,
    rest_nonce,
)

_FILES = sorted(PLUGIN.rglob("*.php"))


@pytest.mark.usefixtures("wordpress_package")
@pytest.mark.parametrize("file", _FILES, ids=lambda one: one.name)
def test_php_reads_every_file(file: Path) -> None:
    done = subprocess.run(  # noqa: S603 - Debian's own
        ["php", "-l", str(file)],  # noqa: S607 - wherever Debian put it
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_media_go_along_and_count(desk: Desk) -> None:
    picture, featured = desk.picture(), desk.picture()
    address = desk.site.run("return wp_get_attachment_url($id);", id=picture)
    number = desk.draft(
        post_content=f'<p>合影</p><img src="{address}" alt="合影">',
        post_excerpt="摘要里的话",
    )
    desk.site.run("set_post_thumbnail($id, $picture);", id=number, picture=featured)
    desk.names[number] = "合影"
    case = desk.cleared(number)
    files = desk.gate.college.site.case(case).item.files
    assert sorted(one.role for one in files) == [
        "attachment",
        "attachment",
        "body",
        "title",
    ]
    desk.publish(number)
    assert desk.is_public(number)
    path = address.removeprefix(desk.site.address)
    assert desk.site.nobody().get(path).status_code == 200
    file = desk.site.root / path.lstrip("/")
    before = file.read_bytes()
    file.write_bytes(before + b"another")
    assert not desk.is_public(number)
    assert desk.site.nobody().get(path).status_code == 404
    desk.site.run("Xianshen\\look_at($id, true);", id=number)
    assert desk.row(number)["post_status"] == "pending"
    desk.publish(number)
    assert not desk.is_public(number)
    file.write_bytes(before)
    desk.publish(number)
    assert desk.is_public(number)


def test_files_that_no_public_post_shows_are_given_to_nobody(desk: Desk) -> None:
    picture = desk.picture("合影 50%+.png")
    address = desk.site.run("return wp_get_attachment_url($id);", id=picture)
    path = quote(address.removeprefix(desk.site.address))
    assert desk.site.nobody().get(path).status_code == 404
    assert desk.site.client("editor").get(path).status_code == 200
    for strange in (
        "%2e%2e/%2e%2e/wp-config.php",
        "%2e%2e%2f%2e%2e%2fwp-config.php",
        "a.png",
    ):
        answer = desk.site.nobody().get(f"/wp-content/uploads/{strange}")
        assert answer.status_code == 404
        assert "DB_NAME" not in answer.text
    assert desk.site.nobody().get(f"/?attachment_id={picture}").status_code == 404
    listed = desk.site.nobody().get("/wp-json/wp/v2/media")
    assert listed.json() == []
    one = desk.site.nobody().get(f"/wp-json/wp/v2/media/{picture}")
    assert one.status_code == 404


def test_what_is_hidden_is_hidden_on_every_way_out(desk: Desk) -> None:
    number = desk.published()
    words = "夹带进来的一句"
    desk.site.sql(
        "UPDATE wp_posts SET post_title = ?, post_content = ? WHERE ID = ?",
        words,
        words,
        number,
    )
    row = desk.row(number)
    for path in (
        "/",
        f"/?p={number}",
        f"/{number}/{row['post_name']}/",
        "/?feed=rss2",
        "/?feed=atom",
        f"/?s={words}",
        "/wp-sitemap-posts-post-1.xml",
        "/wp-json/wp/v2/posts?per_page=100",
        f"/wp-json/wp/v2/posts/{number}",
        f"/wp-json/wp/v2/posts/{number}?_embed",
        f"/wp-json/oembed/1.0/embed?url={desk.site.address}/?p={number}",
        f"/?p={number}&embed=true",
        "/?author=2",
        "/?cat=1",
        "/?m=2026",
    ):
        answer = desk.site.nobody().get(path, follow_redirects=True)
        if path.startswith("/?s="):
            assert f"post-{number}" not in answer.text
        else:
            assert words not in answer.text, path
    search = desk.site.nobody().get(f"/wp-json/wp/v2/search?search={words}")
    assert search.json() == []
    # Other posts are still there.
    assert desk.is_public(desk.published())


def test_an_autosave_never_shows(desk: Desk) -> None:
    number = desk.published()
    client = desk.site.client("editor")
    answer = client.post(
        f"/wp-json/wp/v2/posts/{number}/autosaves",
        json={"content": "<p>自动保存里的话</p>", "title": "自动保存"},
        headers={"X-WP-Nonce": rest_nonce(client)},
    )
    assert answer.is_success, answer.text
    assert desk.is_public(number)
    assert not desk.is_public(number, "自动保存")
    assert desk.is_kept(number, "自动保存里的话")


@pytest.mark.parametrize(
    "make", [new_by_rest, new_by_xmlrpc, new_by_weblog_call, new_by_program, new_page]
)
def test_a_post_made_public_at_once_is_kept_and_not_shown(
    desk: Desk, make: Callable[[Desk, str], str]
) -> None:
    words = f"直接发的一段话，{make.__name__}"
    assert "没有送审" in make(desk, words)
    number = desk.site.run(
        "global $wpdb; return (int) $wpdb->get_var($wpdb->prepare("
        "\"SELECT ID FROM $wpdb->posts WHERE post_content LIKE %s AND post_status = 'pending'\","
        " '%' . $words . '%'));",
        words=words,
    )
    assert number
    assert "没有送审" in desk.view(number)["refusal"]
    assert not desk.is_public(number, words)


def test_a_block_that_breaks_is_no_yes(desk: Desk) -> None:
    number = desk.draft()
    desk.cleared(number)
    told = desk.site.run(
        "add_shortcode('broken', function () { throw new Exception('坏了'); });"
        "wp_update_post(array('ID' => $id, 'post_status' => 'publish',"
        " 'post_content' => '[broken]'));"
        "return get_post_meta($id, '_xianshen_refusal', true)['text'];",
        id=number,
    )
    assert "坏了" in told
    assert desk.row(number)["post_status"] == "pending"
    assert desk.row(number)["post_content"] == "[broken]"


@pytest.mark.parametrize("mode", ["half", "redirect"])
def test_half_a_yes_and_a_yes_from_elsewhere_are_none(desk: Desk, mode: str) -> None:
    number = desk.draft()
    desk.cleared(number)
    with desk.gate.being(mode):  # type: ignore[arg-type]  # - one of its modes
        told = by_rest(desk, number, {})
    assert "没有问到" in told
    assert not desk.is_public(number)
    assert not any("elsewhere" in one for one in desk.gate.asked)


@pytest.fixture
def false_tls(tmp_path: Path) -> Iterator[str]:
    """Let somebody listen whose certificate nobody vouches for, and who says yes."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    words = (
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -days 2"
        f" -addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {certificate}"
    )
    subprocess.run(  # noqa: S603 - our own words
        words.split(),
        check=True,
        capture_output=True,
    )

    class Yes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(
                b'{"allowed":true,"clearance":"a.b.c","case":"2026-000001"}'
            )

    server = HTTPServer(("127.0.0.1", 0), Yes)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_gate_that_cannot_prove_itself_is_none(desk: Desk, false_tls: str) -> None:
    number = desk.draft()
    desk.cleared(number)
    desk.choose(url=false_tls)
    try:
        told = by_rest(desk, number, {})
    finally:
        desk.choose(url=desk.gate.address)
    assert "没有问到" in told
    assert not desk.is_public(number)


def test_the_policy_may_take_a_changed_post_down(desk: Desk) -> None:
    number = desk.published()
    desk.choose(on_change="takedown")
    try:
        by_program(desk, number, {"content": "<p>改过的一段</p>"})
    finally:
        desk.choose(on_change="keep")
    assert not desk.is_public(number)
    assert not desk.is_public(number, "改过的一段")
    assert desk.is_kept(number, "改过的一段")


def test_a_reused_block_cannot_change_under_public_posts(desk: Desk) -> None:
    block = desk.site.run(
        "return wp_insert_post(array('post_type' => 'wp_block', 'post_status' => 'publish',"
        " 'post_title' => '联系', 'post_content' => '<p>区块里原来的话</p>'));"
    )
    number = desk.draft(post_content=f'<!-- wp:block {{"ref":{block}}} /-->')
    desk.names[number] = "区块里原来的话"
    desk.cleared(number)
    desk.publish(number)
    assert desk.is_public(number)
    desk.site.run(
        "wp_update_post(array('ID' => $id, 'post_content' => '<p>换过的话</p>'));",
        id=block,
    )
    assert desk.is_public(number)
    assert not desk.is_public(number, "换过的话")
    assert desk.is_kept(block, "换过的话")
    desk.site.sql(
        "UPDATE wp_posts SET post_content = '<p>换过的话</p>' WHERE ID = ?", block
    )
    assert not desk.is_public(number, "换过的话")


def test_a_record_cannot_be_made_in_the_database(desk: Desk) -> None:
    number, other = desk.published(), desk.draft()
    desk.site.sql("UPDATE wp_posts SET post_status = 'publish' WHERE ID = ?", other)
    desk.site.sql(
        "INSERT INTO wp_postmeta (post_id, meta_key, meta_value)"
        " SELECT ?, meta_key, meta_value FROM (SELECT * FROM wp_postmeta) AS known"
        " WHERE post_id = ? AND meta_key = '_xianshen_record'",
        other,
        number,
    )
    assert not desk.is_public(other)
    # Whoever knows the program knows all of it but the seal.
    desk.site.run(
        "$record = array('print' => Xianshen\\fingerprint(Xianshen\\offer_of_post(get_post($id))),"
        " 'files' => array(), 'external_id' => 'x', 'case' => 'x', 'at' => 0);"
        "ksort($record); $record['seal'] = hash_hmac('sha256', $id . ':' . wp_json_encode($record), '');"
        "update_post_meta($id, '_xianshen_record', $record);",
        id=other,
    )
    assert not desk.is_public(other)


def test_nobody_is_told_of_a_publication_that_was_taken_back(desk: Desk) -> None:
    number = desk.draft()
    told = desk.site.run(
        "$told = array(); foreach (array('transition_post_status', 'draft_to_publish',"
        " 'publish_post') as $hook) add_action($hook, function () use (&$told, $hook)"
        " { $told[] = $hook; });"
        "wp_publish_post($id); $before = $told; $told = array();"
        "wp_update_post(array('ID' => $id, 'post_status' => 'draft'));"
        "return array($before, $told);",
        id=number,
    )
    assert told[0] == []
    assert "transition_post_status" in told[1]  # the others hear again


def test_the_editor_sees_what_was_found(desk: Desk) -> None:
    number = desk.draft(post_content="<p>联系人手机13800000001，请速报名。</p>")
    case = desk.submit(number)
    desk.gate.scan(case)
    client = desk.site.client("editor")
    answer = client.get(
        f"/wp-json/xianshen/v1/posts/{number}?fresh=1",
        headers={"X-WP-Nonce": rest_nonce(client)},
    ).json()
    assert answer["stage_word"] == "待初审"
    assert answer["findings"]["open"] >= 1
    assert "个人隐私" in " ".join(answer["findings"]["lines"])
    refused = desk.site.nobody().get(f"/wp-json/xianshen/v1/posts/{number}")
    assert refused.status_code == 401


def test_the_settings_are_kept_and_the_key_is_never_shown(desk: Desk) -> None:
    client = desk.site.client()
    page = client.get("/wp-admin/options-general.php?page=xianshen").text
    assert desk.gate.cms.key.text not in page
    assert desk.gate.cms.secret not in page
    nonces = [one.split('"')[0] for one in page.split('name="_wpnonce" value="')[1:]]
    for action, nonce, said in (
        ("xianshen_test", nonces[1], "接通了"),
        ("xianshen_settings", nonces[0], "已保存"),
    ):
        form = {
            "action": action,
            "_wpnonce": nonce,
            "url": desk.gate.address,
            "department": "宣传部",
            "channel": "website",
            "types[]": ["post", "page"],
            "fields": "subtitle",
            "timeout": "30",
            "on_change": "keep",
            "key": "",
            "secret": "",
        }
        answer = client.post(
            "/wp-admin/admin-post.php", data=form, follow_redirects=True
        )
        assert said in answer.text
        assert "notice-success" in answer.text
    assert desk.site.run("return Xianshen\\settings_fault();") == ""
    editor = desk.site.client("editor")
    refused = editor.post("/wp-admin/admin-post.php", data={"action": "xianshen_test"})
    assert refused.status_code == 403
    with desk.gate.being("down"):
        form = {"action": "xianshen_test", "_wpnonce": nonces[1]}
        answer = client.post(
            "/wp-admin/admin-post.php", data=form, follow_redirects=True
        )
    assert "没有问到" in answer.text


def test_without_settings_nothing_goes_out(desk: Desk) -> None:
    number = desk.draft(post_title=TITLE)
    desk.choose(department="")
    try:
        told = by_rest(desk, number, {})
    finally:
        desk.choose(department="宣传部")
    assert "部门" in told
    assert not desk.is_public(number)


def test_what_was_public_on_the_first_day_stays_and_only_as_it_was(desk: Desk) -> None:
    number = desk.draft()
    desk.site.sql("UPDATE wp_posts SET post_status = 'publish' WHERE ID = ?", number)
    assert not desk.is_public(number)
    desk.site.run(
        "delete_option('xianshen_baseline'); Xianshen\\trust_existing(array('post'));"
    )
    assert desk.is_public(number)
    told = by_program(desk, number, {"content": "<p>改过的一段</p>"})
    assert "没有送审" in told
    assert desk.is_public(number)


def test_an_unchanged_item_is_not_handed_in_twice(desk: Desk) -> None:
    number = desk.draft()
    case = desk.submit(number)
    assert desk.submit(number) == case
    desk.gate.clear(case)
    said = desk.site.run(
        "$done = Xianshen\\submit_post($id); return $done->get_error_message();",
        id=number,
    )
    assert "已经审查通过" in said
