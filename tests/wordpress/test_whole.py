"""What readers see is what was asked about, to the last mark, file and caption."""

import pytest

from tests.wordpress.desk import PICTURES, Desk

_BLOCK = (
    "return wp_insert_post(array('post_type' => 'wp_block', 'post_status' => 'publish',"
    " 'post_title' => '联系', 'post_content' => $words));"
)


def told(desk: Desk, number: int) -> str:
    """Return what the gate is shown of a post."""
    return str(
        desk.site.run(
            "return Xianshen\\page_of(Xianshen\\offer_of_post(get_post($id)))['html'];",
            id=number,
        )
    )


def test_excerpt_and_fields_are_asked_about_as_they_lie_there(desk: Desk) -> None:
    excerpt = (
        '摘要<a href="https://a.example.edu.cn/暗语" title="悬停的话">看</a><!-- 注 -->'
    )
    number = desk.draft(post_excerpt=excerpt)
    field = '<iframe src="https://b.example.edu.cn/框"></iframe>'
    desk.site.sql(
        "INSERT INTO wp_postmeta (post_id, meta_key, meta_value)"
        " VALUES (?, 'subtitle', ?)",
        number,
        field,
    )
    desk.site.sql("UPDATE wp_posts SET post_excerpt = ? WHERE ID = ?", excerpt, number)
    html = told(desk, number)
    assert excerpt in html
    assert field in html


@pytest.mark.parametrize(
    "words",
    [
        '<!-- wp:core/block {"ref":%d} /-->',
        '<!-- wp:block {"metadata":{"name":"a>b"},"ref":%d} /-->',
        '<!-- wp:group --><div><!-- wp:block {"ref": "%d"} /--></div><!-- /wp:group -->',
    ],
)
def test_a_reused_block_counts_however_it_is_spelled(desk: Desk, words: str) -> None:
    block = desk.site.run(_BLOCK, words="<p>区块里原来的话</p>")
    number = desk.draft(post_content=words % block)
    desk.names[number] = "区块里原来的话"
    desk.cleared(number)
    desk.publish(number)
    assert desk.is_public(number)
    desk.site.run(
        "wp_update_post(array('ID' => $id, 'post_content' => '<p>换过的话</p>'));",
        id=block,
    )
    assert desk.is_public(number)
    desk.site.sql(
        "UPDATE wp_posts SET post_content = '<p>换过的话</p>' WHERE ID = ?", block
    )
    assert not desk.is_public(number, "换过的话")


@pytest.mark.parametrize("named", [True, False])
def test_a_gallery_counts_with_its_captions(desk: Desk, *, named: bool) -> None:
    picture = desk.picture()
    number = desk.draft(
        post_content=f'<p>图集</p>[gallery ids="{picture}"]'
        if named
        else "<p>图集</p>[gallery]"
    )
    desk.site.sql(
        "UPDATE wp_posts SET post_excerpt = '原来的图注', post_parent = ? WHERE ID = ?",
        number,
        picture,
    )
    desk.names[number] = "图集"
    assert "原来的图注" in told(desk, number)
    desk.cleared(number)
    desk.publish(number)
    assert desk.is_public(number)
    desk.site.sql(
        "UPDATE wp_posts SET post_excerpt = '换过的图注' WHERE ID = ?", picture
    )
    assert not desk.is_public(number)
    assert not desk.is_public(number, "换过的图注")


def test_a_file_that_is_changed_after_the_question_is_not_sealed(desk: Desk) -> None:
    picture = desk.picture()
    address = desk.site.run("return wp_get_attachment_url($id);", id=picture)
    number = desk.draft(post_content=f'<p>合影</p><img src="{address}" alt="合影">')
    desk.names[number] = "合影"
    desk.cleared(number)
    desk.site.run(
        "add_filter('http_response', function ($said, $args, $url) use ($picture, $data) {"
        " if (strpos($url, 'gate/check')) file_put_contents(get_attached_file($picture),"
        " base64_decode($data)); return $said; }, 10, 3);"
        "wp_update_post(array('ID' => $id, 'post_status' => 'publish'));",
        id=number,
        picture=picture,
        data=PICTURES[1],
    )
    assert not desk.is_public(number)


def test_a_post_whose_item_is_reviewed_anew_comes_down(desk: Desk) -> None:
    number = desk.published()
    desk.gate.revoke(desk.case(number))
    assert desk.is_public(number), "no notification has come"
    desk.submit(number)
    assert not desk.is_public(number)
    assert desk.row(number)["post_status"] == "pending"
