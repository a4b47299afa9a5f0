from tests.wordpress.desk import Desk

def test_it(desk: Desk) -> None:
    n = desk.draft()
    assert not desk.is_public(n)
    desk.publish(n)
    assert not desk.is_public(n)
    print(desk.row(n))
    desk.cleared(n)
    desk.publish(n)
    print(desk.site.run("return Xianshen\\view_of($id);", id=n))
    assert desk.is_public(n)
    desk.site.sql("UPDATE wp_posts SET post_content = CONCAT(post_content, '<p>夹带</p>') WHERE ID = ?", n)
    assert not desk.is_public(n)
