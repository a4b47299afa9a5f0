#!/usr/bin/env bash
# 一件稿件从送审到发布的全过程，在一个用完就删的数据目录里演示。样稿和人名都是虚构的。
#
#   bash docs/手册/全过程.sh            # 看每一步的命令和结果
#   bash docs/手册/全过程.sh 成果        # 把表格、许可、导出的记录留在“成果”文件夹里
#
# 每一步的意思见同一文件夹里的《审查.md》。
set -euo pipefail

源码=$(cd "$(dirname "$0")/../.." && pwd)
成果=${1:-$(mktemp -d)}
mkdir -p "$成果"
成果=$(cd "$成果" && pwd)
export XIANSHEN_DATA_DIR
XIANSHEN_DATA_DIR=$(mktemp -d)/data
export XIANSHEN_OFFICE_NAME=云山职业学院
trap 'rm -rf "$(dirname "$XIANSHEN_DATA_DIR")"' EXIT

命令=$源码/.venv/bin/xianshen
[ -x "$命令" ] || 命令=xianshen
xs() { echo "\$ xianshen $*"; "$命令" "$@"; }
标题() { echo; echo "== $*"; }

今年=$(date +%Y)
任期=(--from "$今年-01-01" --until "$((今年 + 1))-12-31" --ground "云职院〔$今年〕3号")

标题 "系统管理员：初始化"
xs db upgrade

标题 "初始设置：任命三员（系统管理员、安全管理员、审计员，三个不同的人）"
xs users found system   --name 周系统 --post 系统管理员 "${任期[@]}"
xs users found security --name 吴安全 --post 安全管理员 "${任期[@]}"
xs users found audit    --name 郑审计 --post 审计员     "${任期[@]}"

标题 "安全管理员：任命初审员和保密办审查员"
xs users appoint zhang --name 张示例 --post 部门初审员 --department 后勤处 "${任期[@]}" --as security
xs users appoint li    --name 李样本 --post 保密办审查员                   "${任期[@]}" --as security
xs users list

标题 "部门初审员：送审；登记、加密保存、机检"
稿件=$成果/稿件.txt
cp "$源码/sample_docs/食堂改造完工喜迎新学期.txt" "$稿件"
xs case submit "$稿件" --title 食堂改造完工喜迎新学期 --department 后勤处 \
    --channel 网站 --channel 公众号 --drafted-by 王虚构 --as zhang | tee "$成果/送审.log"
编号=$(grep -o '已登记：.*' "$成果/送审.log" | cut -d： -f2)

标题 "部门初审员：逐个看疑点，逐个处置，下结论"
xs case show "$编号" --as zhang
疑点() { "$命令" case show "$编号" --as zhang | grep -oP '(?<=疑点 )\S+(?=（(需处置|不得公开)）)' || true; }
for 一个 in $(疑点); do
    xs case dispose "$编号" "$一个" --opinion 须删改 --reason 未公布的财务情况，删去这一段 --as zhang
done
xs case conclude "$编号" --conclusion 须修改 --opinion 删去财务一段后再送 --as zhang

标题 "部门初审员：改好，送第二轮；看改了什么；第二轮从头审查"
sed -i '/负责监工的小伙子/d' "$稿件"
xs case resubmit "$编号" "$稿件" --as zhang
xs case diff "$编号" --as zhang
for 一个 in $(疑点); do
    xs case dispose "$编号" "$一个" --opinion 不涉密 --reason 日常办事信息，已核实 --as zhang
done
xs case conclude "$编号" --conclusion 拟同意 --opinion 内容属实，可以公开 --as zhang

标题 "保密办：终审；同意的当场签发公开许可"
xs case list --stage 待终审 --as li
xs case sign-off "$编号" --outcome 同意公开 --opinion 同意公开 --as li
xs case clearance "$编号" --as zhang -o "$成果/公开许可.jws"
xs case keys -o "$成果/公钥.json"

标题 "网站：发布前逐字比对。换行和空白不算，改一个字就不一致"
xs case compare "$编号" "$稿件" --as zhang
sed 's/8月29日/8月28日/' "$稿件" > "$成果/改过的稿件.txt"
xs case compare "$编号" "$成果/改过的稿件.txt" --as zhang || echo "（退出码 $?：不能发布）"

标题 "部门：发布后登记网址"
xs case publish "$编号" --channel 网站 --address https://www.example.edu.cn/news/1 --as zhang

标题 "保密办：审查表、台账、月度汇总"
xs case form "$编号" -o "$成果/审查表.docx" --as li
xs case form "$编号" -o "$成果/审查表.pdf"  --as li
xs case register -o "$成果/审查台账.xlsx" --since "$今年-01-01" --until "$今年-12-31" --as li
xs case monthly "$(TZ=Asia/Shanghai date +%Y-%m)" -o "$成果/月度汇总.xlsx" --as li

标题 "审计员：看全部记录，核验，导出，再用单文件程序离线核验"
xs case history "$编号" --as audit
xs records verify
xs records export -o "$成果/审查记录.jsonl"
xs records verifier -o "$成果/verify_ledger.py"
echo "\$ python3 verify_ledger.py 审查记录.jsonl"
python3 "$成果/verify_ledger.py" "$成果/审查记录.jsonl"

标题 "完成：$成果"
