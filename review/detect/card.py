"""The model card: what the classifier was made from, how well it does, its limits."""

from collections.abc import Mapping
from typing import Any


def _background(manifest: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """Return which published passages were used, and how often they are flagged."""
    used = manifest["background"]
    if not used["passages"]:
        return "没有使用已公开发布的文字。"
    rate = metrics["background"]["false_flag_rate"]
    return (
        f"另用 {used['passages']} 段真实已公开发布的文字作无害样本（每段权重 {used['weight']}，"
        f"文字不随项目分发，文件摘要 `{used['digest']}`）；未参与训练时其误报率 {rate}。"
    )


def _own(manifest: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """Return the line on an office's own passages; none where there are none."""
    used = manifest.get("own")
    if not used:
        return ""
    files = "、".join(
        f"`{one['digest']}`（{one['passages']} 段）" for one in used["files"]
    )
    figures = metrics["own"]
    rates = "，".join(
        f"{name} {figures[key]}"
        for key, name in (("recall", "召回率"), ("false_flag_rate", "误报率"))
        if figures[key] is not None
    )
    return (
        f"\n- 本单位样本 {used['passages']} 段（每段权重 {used['weight']}，不宜公开"
        f" {figures['disclosures']} 段），文件摘要 {files}；所在的审查件未参与训练时，{rates}。"
    )


def _second(manifest: Mapping[str, Any]) -> str:
    """Return the line on the second look; none where the model has none."""
    used = manifest["second_look"]
    if not used:
        return ""
    return (
        f"\n- 第二遍：第一遍拿不准的段落（原始得分 {used['low']} 到 {used['high']} 之间），"
        f"再用句子向量（{used['encoder']}）上的支持向量机判断，两个得分合在一起；"
        "机器上没有这个程序包时只有第一遍。"
    )


def card_text(manifest: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """Return the card as Markdown, in Chinese for the people who rely on it."""
    rows = "\n".join(
        f"| {name} | {count} |" for name, count in metrics["by_category"].items()
    )
    figures = {**manifest, **metrics, **metrics["held_out"]}
    figures["background"] = _background(manifest, metrics)
    figures["own"] = _own(manifest, metrics)
    figures["second"] = _second(manifest)
    return _CARD.format(rows=rows, **figures)


_CARD = """# 片段分类模型说明

判断一段文字是否写出了不宜公开的具体内容，并给出所属类别。只作提示，不代替人工审查。

- 方法：逻辑回归；特征为折叠后文字的字符一至三元组、结巴分词的词、词库和号码规则的命中情况。{second}
- 语料：`models/passage/corpus/`，{passages} 段，{families} 个写作族，全部为本项目编写，均为虚构。
- 其中不宜公开 {disclosures} 段（不含清单用词的 {covert_disclosures} 段）。
- 背景：{background}{own}
- 语料摘要：`{corpus}`
- 词库摘要：`{lexicons}`
- scikit-learn {scikit_learn}，随机种子 {seed}，分词 {tokenizer}。

## 交叉验证成绩（按写作族分组，只用本语料）

| 指标 | 值 |
| --- | --- |
| 平均精度 AP | {average_precision} |
| ROC AUC | {roc_auc} |
| 复核点（单独一段） | {alone_point} |
| 这一点的精确率 | {precision} |
| 这一点的召回率 | {recall} |
| 不含清单用词的召回率 | {covert_recall} |
| 误报率 | {false_flag_rate} |
| 复核点（整稿里的段落） | {review_point} |
| 有泄露的整稿被标出 | {drafts[leaking_flagged]} |
| 没有泄露的整稿被误标 | {drafts[clean_flagged]} |
| 整稿里泄露段落的召回率 | {drafts[recall]} |
| 整稿里公开段落的误报率 | {drafts[false_flag_rate]} |

这些数字来自同一批作者写的语料，外部数据上会低一些。

## 各类段数

| 类别 | 段数 |
| --- | --- |
{rows}

## 局限

- 语料由模型开发者编写，真实机关稿件的写法更杂；新的写法可能漏报。
- 只看一段文字，不知道同一内容是否已经在别处公布。
- 分数是概率估计，不是结论；低于复核点不等于可以公开。
"""
