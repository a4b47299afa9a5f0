/* The panel of the block editor; plain functions, no build. */
(function (wp, post) {
  "use strict";

  var el = wp.element.createElement;
  var useState = wp.element.useState;
  var useEffect = wp.element.useEffect;
  var Button = wp.components.Button;
  var Panel =
    (wp.editor && wp.editor.PluginDocumentSettingPanel) ||
    wp.editPost.PluginDocumentSettingPanel;
  var BeforePublishing =
    (wp.editor && wp.editor.PluginPrePublishPanel) ||
    wp.editPost.PluginPrePublishPanel;
  var base = "/xianshen/v1/posts/" + post.id;

  function edited(name) {
    return wp.data.select("core/editor").getEditedPostAttribute(name);
  }

  function isPublic() {
    return wp.data.select("core/editor").isCurrentPostPublished();
  }

  // A draft is saved first; a public post's text goes with the request and is kept apart.
  function handIn() {
    if (isPublic()) {
      return wp.apiFetch({
        path: base + "/submission",
        method: "POST",
        data: {
          title: edited("title"),
          content: wp.data.select("core/editor").getEditedPostContent(),
          excerpt: edited("excerpt"),
          slug: edited("slug"),
          featured_media: edited("featured_media") || 0,
        },
      });
    }
    if (edited("status") === "publish") {
      wp.data.dispatch("core/editor").editPost({ status: "draft" });
    }
    return wp.data
      .dispatch("core/editor")
      .savePost()
      .then(function () {
        if (wp.data.select("core/editor").didPostSaveRequestFail()) {
          throw new Error("没有保存成功，所以没有送审。");
        }
        return wp.apiFetch({ path: base + "/submission", method: "POST" });
      });
  }

  function load(proposal) {
    var editor = wp.data.dispatch("core/editor");
    editor.editPost({ title: proposal.title, excerpt: proposal.excerpt });
    wp.data
      .dispatch("core/block-editor")
      .resetBlocks(wp.blocks.parse(proposal.content));
  }

  function sentences(view) {
    var found = view.findings;
    var said = [];
    if (view.refusal) said.push(view.refusal);
    if (view.public && !view.shown) {
      said.push("网上看不到这一篇：" + view.deviation + "。");
    }
    if (view.proposal) {
      said.push(
        view.proposal.at + " 的改稿还没有公开，网上仍是审查通过的旧版。",
      );
    }
    if (found) {
      said.push(
        "疑点：不得公开 " + found.block + " 条，需处置 " + found.review +
          " 条，提示 " + found.notice + " 条；待处置 " + found.open +
          " 条，未能检查 " + found.gaps + " 处。",
      );
    }
    if (view.reports) said.push("发布登记还没有送到先审，会自动重送。");
    return said;
  }

  function Review() {
    var viewState = useState(null);
    var faultState = useState("");
    var busyState = useState(false);
    var view = viewState[0];

    function run(asked) {
      busyState[1](true);
      faultState[1]("");
      return asked
        .then(function (said) {
          viewState[1](said);
          faultState[1](said.fault || "");
          return true;
        })
        .catch(function (error) {
          faultState[1](error.message || "没有办成，请稍后再试。");
          return false;
        })
        .then(function (done) {
          busyState[1](false);
          return done;
        });
    }

    function ask(path, method) {
      return run(wp.apiFetch({ path: base + path, method: method || "GET" }));
    }

    // What a save that was refused left behind is shown at once.
    var saving = wp.data.useSelect(function (select) {
      return select("core/editor").isSavingPost();
    }, []);
    useEffect(
      function () {
        if (!saving) ask(view ? "" : "?fresh=1");
      },
      [saving],
    );

    if (!view) return el("p", null, faultState[0] || "正在查询……");
    var lines = (view.findings && view.findings.lines) || [];
    function button(label, act, variant) {
      return el(
        Button,
        {
          key: label,
          variant: variant || "secondary",
          disabled: busyState[0],
          onClick: act,
        },
        label,
      );
    }
    return el(
      "div",
      { className: "xianshen-panel" },
      el(
        "p",
        { className: "xianshen-stage" },
        el("strong", null, view.stage_word),
        view.case ? " " + view.case + "，第 " + view.round + " 轮" : "",
      ),
      sentences(view).map(function (one) {
        return el("p", { key: one }, one);
      }),
      lines.length
        ? el(
            "ul",
            { className: "xianshen-findings" },
            lines.map(function (one, at) {
              return el("li", { key: at }, one);
            }),
          )
        : null,
      faultState[0]
        ? el("p", { className: "xianshen-wrong", role: "alert" }, faultState[0])
        : null,
      button(
        isPublic() ? "送审改稿" : "保存并送审",
        function () {
          run(handIn());
        },
        "primary",
      ),
      button("刷新进展", function () {
        ask("?fresh=1");
      }),
      view.proposal
        ? [
            button("公开改稿", function () {
              ask("/proposal/publish", "POST").then(function (done) {
                if (done) window.location.reload();
              });
            }),
            button("载入改稿", function () {
              load(view.proposal);
            }),
            button("丢弃改稿", function () {
              ask("/proposal", "DELETE");
            }),
          ]
        : null,
    );
  }

  wp.plugins.registerPlugin("xianshen", {
    icon: null,
    render: function () {
      return el(
        wp.element.Fragment,
        null,
        el(
          Panel,
          { name: "xianshen", title: "先审", className: "xianshen-settings" },
          el(Review),
        ),
        el(
          BeforePublishing,
          { title: "先审", initialOpen: true },
          el("p", null, "发布时逐字核对，与审查通过的一致才能公开。"),
        ),
      );
    },
  });
})(window.wp, window.xianshenPost);
