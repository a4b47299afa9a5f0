"""An editor's desk in WordPress: short words for what he does and what readers then see."""

import itertools
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from tests.wordpress.gate import Gate
from tests.wordpress.server import PASSWORD, WordPress

_numbers: Final = itertools.count(1)
# A picture of one dot, and another.
PICTURES: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC",
)


@dataclass
class Desk:
    """A WordPress whose plugin is set up for a gate."""

    site: WordPress
    gate: Gate
    names: dict[int, str] = field(default_factory=dict)

    def set_up(self, *, department: str) -> None:
        """Activate the plugin and fill in its settings, and make an editor."""
        self.site.run(
            "activate_plugin('xianshen/xianshen.php');"
            "update_option('xianshen_settings', $settings);"
            "$id = wp_insert_user(array('user_login' => 'editor', 'user_pass' => $password,"
            " 'role' => 'editor', 'display_name' => '冯拟稿'));"
            "update_user_meta($id, 'rich_editing', 'true'); return $id;",
            settings=self.settings(department=department),
            password=PASSWORD,
        )

    def settings(self, **changes: object) -> dict[str, object]:
        """Return what is filled in on the settings page."""
        return {
            "url": self.gate.address,
            "key": self.gate.cms.key.text,
            "secret": self.gate.cms.secret,
            "channel": "website",
            "types": ["post", "page"],
            "fields": ["subtitle"],
            "timeout": 30,
            "on_change": "keep",
            **changes,
        }

    def choose(self, **changes: object) -> None:
        """Change settings."""
        self.site.run(
            "update_option('xianshen_settings',"
            " array_merge(get_option('xianshen_settings'), $changes));",
            changes=changes,
        )

    def draft(self, **fields: Any) -> int:
        """Save a draft with a text that there is only once."""
        mark = f"第{next(_numbers)}届运动会"
        form = {
            "post_title": f"学院举行{mark}",
            "post_content": f"<p>{mark}昨日在田径场举行，各班同学踊跃参加。</p>",
            "post_status": "draft",
            "post_author": 2,
            **fields,
        }
        number = self.site.run(
            "return wp_insert_post(wp_slash($form), false);", form=form
        )
        self.names[number] = mark
        return int(number)

    def submit(self, number: int) -> str:
        """Hand a post in; return the case's number."""
        said = self.site.run(
            "$done = Xianshen\\submit_post($id);"
            "return is_wp_error($done) ? $done->get_error_message() : $done;",
            id=number,
        )
        assert isinstance(said, dict), said
        return str(said["case"])

    def view(self, number: int) -> dict[str, Any]:
        """Return what an editor is shown of a post's review."""
        found = self.site.run("return Xianshen\\view_of($id);", id=number)
        assert isinstance(found, dict)
        return found

    def case(self, number: int) -> str:
        """Return the number of the case that a post was handed in as last."""
        return str(self.view(number)["case"])

    def cleared(self, number: int) -> str:
        """Hand a post in and lead it to its clearance; return the case's number."""
        case = self.submit(number)
        self.gate.clear(case)
        return case

    def published(self, **fields: Any) -> int:
        """Make a post that is cleared and public."""
        number = self.draft(**fields)
        self.cleared(number)
        self.publish(number)
        assert self.is_public(number)
        return number

    def publish(self, number: int) -> None:
        """Publish as a script does."""
        self.site.run(
            "wp_update_post(array('ID' => $id, 'post_status' => 'publish'));", id=number
        )

    def row(self, number: int) -> dict[str, str]:
        """Return the post as the database has it."""
        found = self.site.run("return get_object_vars(get_post($id));", id=number)
        assert isinstance(found, dict)
        return found

    def seen(self, number: int) -> str:
        """Return what a reader gets to see of a post: its page, and what programs are told."""
        nobody = self.site.nobody()
        answers = [
            nobody.get(path, follow_redirects=True)
            for path in (f"/?p={number}", f"/wp-json/wp/v2/posts/{number}")
        ]
        page, item = answers
        return unquote(page.text + page.url.path + str(item.json()))

    def is_public(self, number: int, words: str = "") -> bool:
        """Tell whether a reader can get to see words of it, by default those of its own."""
        return (words or self.names[number]) in self.seen(number)

    def is_kept(self, number: int, words: str) -> bool:
        """Tell whether words of an editor's are still there for him."""
        return bool(
            self.site.run(
                "global $wpdb; $like = '%' . $wpdb->esc_like($words) . '%';"
                'return $wpdb->get_var($wpdb->prepare("SELECT COUNT(*) FROM $wpdb->posts'
                " WHERE (ID = %d OR post_parent = %d) AND (post_content LIKE %s OR"
                ' post_title LIKE %s OR post_excerpt LIKE %s OR post_name LIKE %s)",'
                " $id, $id, $like, $like, $like, $like)) > 0"
                " || false !== strpos(json_encode(get_post_meta($id, '_xianshen_proposal', true),"
                " JSON_UNESCAPED_UNICODE), $words);",
                id=number,
                words=words,
            )
        )

    def picture(self, name: str = "", which: int = 0) -> int:
        """Upload a picture; return its number."""
        name = name or f"picture{next(_numbers)}.png"
        return int(
            self.site.run(
                "$made = wp_upload_bits($name, null, base64_decode($data));"
                "$id = wp_insert_attachment(array('post_title' => $name,"
                " 'post_mime_type' => 'image/png'), $made['file']);"
                "wp_update_attachment_metadata($id,"
                " wp_generate_attachment_metadata($id, $made['file'])); return $id;",
                name=name,
                data=PICTURES[which],
            )
        )
