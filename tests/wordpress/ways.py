"""Every way by which a WordPress publishes, or changes what is public: one function each.

Each does what a person or a program would do, and returns what he is told.
"""

import xmlrpc.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import regex
from httpx2 import Client, Response
from selectolax.lexbor import LexborHTMLParser

from tests.wordpress.desk import Desk
from tests.wordpress.server import PASSWORD

# What is written into a post: title, content, excerpt, slug, thumbnail, subtitle.
Change: TypeAlias = Mapping[str, str]
_ROW: Final = {
    "title": "post_title",
    "content": "post_content",
    "excerpt": "post_excerpt",
    "slug": "post_name",
}


@dataclass(frozen=True)
class Way:
    """One way: its name, what it writes, how, and what comes before each try.

    `tells` says that whoever tries is told why not.
    """

    name: str
    do: Callable[[Desk, int, Change], str]
    change: str = ""
    before: str = "draft"
    tells: bool = True
    keeps: bool = True


def by_rest(desk: Desk, number: int, change: Change) -> str:
    form: dict[str, object] = {"status": "publish"}
    for name, value in change.items():
        if name == "thumbnail":
            form["featured_media"] = int(value)
        else:
            form[name] = value
    client = desk.site.client("editor")
    answer = client.post(
        f"/wp-json/wp/v2/posts/{number}",
        json=form,
        headers={"X-WP-Nonce": rest_nonce(client)},
    )
    return said(answer)


def by_classic(desk: Desk, number: int, change: Change) -> str:
    """Press 发布 or 更新 in the classic editor's form."""
    client = desk.site.client("editor")
    address = f"/wp-admin/post.php?post={number}&action=edit&classic=1"
    page = client.get(address).text
    form = fields_of(page, "post")
    form |= {_ROW[one]: value for one, value in change.items() if one in _ROW}
    if "content" in change:
        form["content"] = change["content"]
    if "excerpt" in change:
        form["excerpt"] = change["excerpt"]
    if "thumbnail" in change:
        form["_thumbnail_id"] = change["thumbnail"]
    form |= {"publish": "发布", "post_status": "publish", "visibility": "public"}
    answer = client.post("/wp-admin/post.php", data=form)
    assert answer.status_code == 302, answer.text[:3000]
    return client.get(answer.headers["location"]).text


def by_quick_edit(desk: Desk, number: int, change: Change) -> str:
    client = desk.site.client("editor")
    page = client.get("/wp-admin/edit.php").text
    nonce = regex.search(r'id="_inline_edit"[^>]*value="(\w+)"', page)
    assert nonce is not None
    row = desk.row(number)
    form = {
        "action": "inline-save",
        "_inline_edit": nonce[1],
        "screen": "edit-post",
        "post_view": "list",
        "post_type": "post",
        "post_ID": str(number),
        "post_title": change.get("title", row["post_title"]),
        "post_name": change.get("slug", row["post_name"]),
        "_status": "publish",
        "post_author": row["post_author"],
        **_date(row),
    }
    return client.post("/wp-admin/admin-ajax.php", data=form).text


def by_bulk_edit(desk: Desk, number: int, _: Change) -> str:
    client = desk.site.client("editor")
    page = client.get("/wp-admin/edit.php").text
    nonce = regex.search(r'name="_wpnonce" value="(\w+)"', page)
    assert nonce is not None
    form = {
        "post_type": "post",
        "action": "edit",
        "bulk_edit": "更新",
        "_wpnonce": nonce[1],
        "post[]": str(number),
        "_status": "publish",
        "post_author": "-1",
        "comment_status": "",
        "ping_status": "",
        "sticky": "-1",
        "post_format": "-1",
    }
    answer = client.get("/wp-admin/edit.php", params=form, follow_redirects=True)
    return answer.text


def by_xmlrpc(desk: Desk, number: int, change: Change) -> str:
    words = {
        "title": "post_title",
        "content": "post_content",
        "excerpt": "post_excerpt",
        "slug": "post_name",
        "thumbnail": "post_thumbnail",
    }
    content: dict[str, object] = {"post_status": "publish"}
    for name, value in change.items():
        content[words[name]] = int(value) if name == "thumbnail" else value
    return _call(desk, "wp.editPost", 1, "editor", PASSWORD, number, content)


def by_weblog_call(desk: Desk, number: int, change: Change) -> str:
    row = desk.row(number)
    content = {
        "title": change.get("title", row["post_title"]),
        "description": change.get("content", row["post_content"]),
    }
    return _call(desk, "metaWeblog.editPost", number, "editor", PASSWORD, content, 1)


def by_program(desk: Desk, number: int, change: Change) -> str:
    """As a plugin, an importer or wp-cli does."""
    form = {_ROW[one]: value for one, value in change.items() if one in _ROW}
    if "thumbnail" in change:
        form["_thumbnail_id"] = change["thumbnail"]
    return _noted(
        desk,
        "$form['ID'] = $id; $form['post_status'] = 'publish'; wp_update_post(wp_slash($form));",
        number,
        form=form,
    )


def by_wp_publish_post(desk: Desk, number: int, _: Change) -> str:
    return _noted(desk, "wp_publish_post($id);", number)


def by_its_time(desk: Desk, number: int, _: Change) -> str:
    """Let a scheduled post's time come, and call cron as a server does."""
    desk.site.sql(
        "UPDATE wp_posts SET post_status = 'future', post_date = NOW() - INTERVAL 1 DAY,"
        " post_date_gmt = UTC_TIMESTAMP() - INTERVAL 1 DAY WHERE ID = ?",
        number,
    )
    desk.site.run(
        "wp_schedule_single_event(time() - 10, 'publish_future_post', array($id));"
        "delete_transient('doing_cron');",
        id=number,
    )
    desk.site.nobody().get("/wp-cron.php")
    return str(
        desk.site.run(
            "$no = get_post_meta($id, '_xianshen_refusal', true);"
            "return is_array($no) ? $no['text'] : '';",
            id=number,
        )
    )


def by_schedule(desk: Desk, number: int, _: Change) -> str:
    """Schedule in the interface, then let the time come."""
    client = desk.site.client("editor")
    answer = client.post(
        f"/wp-json/wp/v2/posts/{number}",
        json={"status": "future", "date": "2099-01-01T00:00:00"},
        headers={"X-WP-Nonce": rest_nonce(client)},
    )
    if desk.row(number)["post_status"] == "future":
        by_its_time(desk, number, {})
    return said(answer)


def by_untrash(desk: Desk, number: int, _: Change) -> str:
    """Take it out of the bin, where a plugin gives back the public status it had."""
    desk.site.run("wp_trash_post($id);", id=number)
    return _noted(
        desk,
        "add_filter('wp_untrash_post_status', function () { return 'publish'; });"
        "wp_untrash_post($id);",
        number,
    )


def by_type(desk: Desk, number: int, _: Change) -> str:
    """Make something public that needs no review, and turn it into a post."""
    desk.site.run(
        "register_post_type('note', array('public' => true));"
        "wp_update_post(array('ID' => $id, 'post_type' => 'note', 'post_status' => 'publish'));"
        "set_post_type($id, 'post'); Xianshen\\look_at($id, true);",
        id=number,
    )
    return ""


def by_sql(desk: Desk, number: int, change: Change) -> str:
    """Write into the database, and let upkeep come by."""
    columns = {_ROW[one]: value for one, value in change.items()}
    columns["post_status"] = "publish"
    names = ", ".join(f"{one} = ?" for one in columns)
    desk.site.sql(
        f"UPDATE wp_posts SET {names} WHERE ID = ?",  # noqa: S608 - our own names
        *columns.values(),
        number,
    )
    assert not desk.is_public(number, change.get("content", "\0"))
    desk.site.run("Xianshen\\look_at($id, true);", id=number)
    return ""


def by_field(desk: Desk, number: int, change: Change) -> str:
    """Write the featured image or another field by itself."""
    name, value = next(iter(change.items()))
    key = {"thumbnail": "_thumbnail_id"}.get(name, name)
    return _noted(
        desk, "update_post_meta($id, $key, $value);", number, key=key, value=value
    )


def by_revision(desk: Desk, number: int, change: Change) -> str:
    """Restore a revision that holds the text."""
    return _noted(
        desk,
        "$row = array_merge(get_object_vars(get_post($id)), $form);"
        "wp_restore_post_revision(_wp_put_post_revision($row));",
        number,
        form={_ROW[one]: value for one, value in change.items()},
    )


def new_by_rest(desk: Desk, words: str) -> str:
    """Make a post that is public from the first."""
    client = desk.site.client("editor")
    answer = client.post(
        "/wp-json/wp/v2/posts",
        json={"title": "新的", "content": words, "status": "publish"},
        headers={"X-WP-Nonce": rest_nonce(client)},
    )
    return said(answer)


def new_by_xmlrpc(desk: Desk, words: str) -> str:
    content = {"post_status": "publish", "post_title": "新的", "post_content": words}
    return _call(desk, "wp.newPost", 1, "editor", PASSWORD, content)


def new_by_weblog_call(desk: Desk, words: str) -> str:
    content = {"title": "新的", "description": words}
    return _call(desk, "metaWeblog.newPost", 1, "editor", PASSWORD, content, 1)


def new_by_program(desk: Desk, words: str) -> str:
    return _new(desk, words, "post")


def new_page(desk: Desk, words: str) -> str:
    return _new(desk, words, "page")


def _new(desk: Desk, words: str, kind: str) -> str:
    form = {"post_title": "新的", "post_content": words, "post_type": kind}
    code = "$form['post_status'] = 'publish'; wp_insert_post(wp_slash($form));"
    return _noted(desk, code, 0, form=form)


def rest_nonce(client: Client) -> str:
    return client.get("/wp-admin/admin-ajax.php?action=rest-nonce").text


def said(answer: Response) -> str:
    body = answer.json()
    return str(body.get("message", "")) if answer.is_error else ""


def fields_of(page: str, form: str) -> dict[str, str]:
    """Return what a form would send as it stands."""
    fields = {}
    for node in LexborHTMLParser(page).css(f"form#{form} input, form#{form} textarea"):
        given = node.attributes
        kind, name = given.get("type") or "text", given.get("name")
        left_out = kind in {"submit", "button", "file"}
        unchosen = kind in {"checkbox", "radio"} and "checked" not in given
        if name and not left_out and not unchosen:
            text = node.text() if node.tag == "textarea" else given.get("value")
            fields[name] = text or ""
    return fields


def _date(row: Mapping[str, str]) -> dict[str, str]:
    year, month, day, hour, minute, second = regex.findall(r"\d+", row["post_date"])
    return {"aa": year, "mm": month, "jj": day, "hh": hour, "mn": minute, "ss": second}


def _call(desk: Desk, method: str, *words: object) -> str:
    body = xmlrpc.client.dumps(words, method, encoding="utf-8")  # type: ignore[arg-type]  # - marshals them all
    answer = desk.site.nobody().post(
        "/xmlrpc.php", content=body.encode(), headers={"Content-Type": "text/xml"}
    )
    try:
        xmlrpc.client.loads(answer.text)
    except xmlrpc.client.Fault as fault:
        return str(fault.faultString)
    return ""


def _noted(desk: Desk, code: str, number: int, **given: object) -> str:
    """Run it as a program, and return the reason it could learn of."""
    return str(
        desk.site.run(
            "$told = array(); add_action('xianshen_refused', function ($id, $no) use (&$told) {"
            " $told[] = Xianshen\\told($no); }, 10, 2);"
            f"{code} return implode(' ', $told);",
            id=number,
            **given,
        )
    )


FIRST: Final = (
    Way("REST 接口发布（块编辑器的“发布”）", by_rest),
    Way("经典编辑器的“发布”", by_classic),
    Way("快速编辑改状态", by_quick_edit),
    Way("批量编辑改状态", by_bulk_edit),
    Way("XML-RPC wp.editPost", by_xmlrpc),
    Way("XML-RPC metaWeblog.editPost", by_weblog_call),
    Way("程序 wp_update_post（插件、导入、wp-cli）", by_program),
    Way("程序 wp_publish_post（直接写库）", by_wp_publish_post),
    Way("私密改为公开", by_program, before="private"),
    Way("定时发布：在接口里排定", by_schedule),
    Way("定时发布：到点由 cron 发布", by_its_time),
    Way("从回收站恢复为公开", by_untrash),
    Way("换成要审的类型（set_post_type）", by_type, tells=False),
    Way("用 SQL 直接改状态", by_sql, tells=False),
)
LATER: Final = (
    Way("REST 接口改正文", by_rest, "content"),
    Way("REST 接口改网址名", by_rest, "slug"),
    Way("REST 接口换题图", by_rest, "thumbnail"),
    Way("经典编辑器改正文（“更新”）", by_classic, "content"),
    Way("经典编辑器改摘要", by_classic, "excerpt"),
    Way("快速编辑改标题", by_quick_edit, "title"),
    Way("快速编辑改网址名", by_quick_edit, "slug"),
    Way("XML-RPC 改正文", by_xmlrpc, "content"),
    Way("XML-RPC 换题图", by_xmlrpc, "thumbnail"),
    Way("程序 wp_update_post 改正文", by_program, "content"),
    Way("程序改题图字段", by_field, "thumbnail"),
    Way("程序改主题显示的自定义字段", by_field, "subtitle"),
    Way("恢复修订版本", by_revision, "content"),
    Way("用 SQL 直接改正文", by_sql, "content", tells=False, keeps=False),
)
