#!/usr/bin/env bash
# 一件稿件从送审到发布的全过程，在一个用完就删的数据目录里演示。样稿和人名都是虚构的。
#
#   bash docs/手册/全过程.sh            # 看每一步的命令和结果
#   bash docs/手册/全过程.sh 成果        # 把表格、许可、导出的记录留在“成果”文件夹里
#
# 每一步的意思见同一文件夹里的《审查.md》。
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$(mktemp -d)}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XIANSHEN_DATA_DIR=$work/data XIANSHEN_OFFICE_NAME=云山职业学院

command=$root/.venv/bin/xianshen
[ -x "$command" ] || command=xianshen
xs() { echo "\$ xianshen $*"; "$command" "$@"; }
step() { echo; echo "== $*"; }

year=$(date +%Y)
term=(--from "$year-01-01" --until "$((year + 1))-12-31" --ground "云职院〔$year〕3号")

step "系统管理员：初始化"
xs db upgrade

step "初始设置：任命三员（系统管理员、安全管理员、审计员，三个不同的人）"
xs users found system   --name 周系统 --post 系统管理员 "${term[@]}"
xs users found security --name 吴安全 --post 安全管理员 "${term[@]}"
xs users found audit    --name 郑审计 --post 审计员     "${term[@]}"

step "安全管理员：任命初审员和保密办审查员"
xs users appoint zhang --name 张示例 --post 部门初审员 --department 后勤处 "${term[@]}" --as security
xs users appoint li    --name 李样本 --post 保密办审查员                   "${term[@]}" --as security
xs users list

step "部门初审员：送审；登记、加密保存、机检"
draft=$out/稿件.txt
cp "$root/sample_docs/食堂改造完工喜迎新学期.txt" "$draft"
xs case submit "$draft" --title 食堂改造完工喜迎新学期 --department 后勤处 \
    --channel 网站 --channel 公众号 --drafted-by 王虚构 --as zhang | tee "$work/送审.log"
number=$(sed -n 's/^已登记：//p' "$work/送审.log")

step "部门初审员：逐个看疑点，逐个处置，下结论"
xs case show "$number" --as zhang
# 需处置疑点的编号，例如 1.f1
findings() { "$command" case show "$number" --as zhang | grep -oP '(?<=疑点 )\S+(?=（(需处置|不得公开)）)' || true; }
for one in $(findings); do
    xs case dispose "$number" "$one" --opinion 须删改 --reason 未公布的财务情况，删去这一段 --as zhang
done
xs case conclude "$number" --conclusion 须修改 --opinion 删去财务一段后再送 --as zhang

step "部门初审员：改好，送第二轮；看改了什么；第二轮从头审查"
sed -i '/负责监工的小伙子/d' "$draft"
xs case resubmit "$number" "$draft" --as zhang
xs case diff "$number" --as zhang
for one in $(findings); do
    xs case dispose "$number" "$one" --opinion 不涉密 --reason 日常办事信息，已核实 --as zhang
done
xs case conclude "$number" --conclusion 拟同意 --opinion 内容属实，可以公开 --as zhang

step "保密办：终审；同意的当场签发公开许可"
xs case list --stage 待终审 --as li
xs case sign-off "$number" --outcome 同意公开 --opinion 同意公开 --as li
xs case clearance "$number" --as zhang -o "$out/公开许可.jws"
xs case keys -o "$out/公钥.json"

step "网站：发布前逐字比对。换行和空白不算，改一个字就不一致"
xs case compare "$number" "$draft" --as zhang
sed 's/8月29日/8月28日/' "$draft" > "$out/改过的稿件.txt"
xs case compare "$number" "$out/改过的稿件.txt" --as zhang || echo "（退出码 $?：不能发布）"

step "部门：发布后登记网址"
xs case publish "$number" --channel 网站 --address https://www.example.edu.cn/news/1 --as zhang

step "保密办：审查表、台账、月度汇总"
xs case form "$number" -o "$out/审查表.docx" --as li
xs case form "$number" -o "$out/审查表.pdf"  --as li
xs case register -o "$out/审查台账.xlsx" --since "$year-01-01" --until "$year-12-31" --as li
xs case monthly "$(TZ=Asia/Shanghai date +%Y-%m)" -o "$out/月度汇总.xlsx" --as li

step "审计员：看全部记录，核验，导出，再用单文件程序离线核验"
xs case history "$number" --as audit
xs records verify | tee "$work/核验.log"
head=$(sed -n 's/.*末端摘要 //p' "$work/核验.log")     # 印在审查表上的也是它，或者它前面的某一条
key=$(sed -n 's/^签名公钥 \([0-9a-f]*\).*/\1/p' "$work/核验.log")
xs records export -o "$out/审查记录.jsonl"
xs records verifier -o "$out/verify_ledger.py"
echo "\$ python3 verify_ledger.py 审查记录.jsonl --key $key --head $head"
python3 "$out/verify_ledger.py" "$out/审查记录.jsonl" --key "$key" --head "$head"

step "完成：$out"
