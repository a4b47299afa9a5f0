// Charts from the page's own figures. They only repeat what the tables beneath them say.
const ROW = 30;
const BAR = 9;
const FRAME = 34;
const charts = [];

function main() {
  const figures = JSON.parse(document.getElementById("charts").textContent);
  for (const place of document.querySelectorAll("[data-chart]")) draw(place, figures[place.dataset.chart]);
  window.addEventListener("resize", () => charts.forEach((one) => one.resize()));
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-print]")) window.print();
  });
}

function draw(place, { names, series, stacked }) {
  const height = stacked ? ROW : Math.max(ROW, (BAR + 3) * series.length + 10);
  place.style.height = `${names.length * height + FRAME}px`;
  const chart = window.echarts.init(place);
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 40, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: colour("line") } }, axisLabel: { color: colour("soft") } },
    yAxis: { type: "category", data: names, inverse: true, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("line") } }, axisLabel: { color: colour("ink"), width: 150, overflow: "truncate" } },
    series: series.map((one, place) => bars(one, { stacked, total: totalAt(series, stacked && place === series.length - 1) })),
  });
  charts.push(chart);
}

function bars({ name, tone, values }, { stacked, total }) {
  const label = { show: !stacked || Boolean(total), position: "right", color: colour("soft"), fontSize: 11 };
  if (total) label.formatter = ({ dataIndex }) => total[dataIndex];
  return {
    name, type: "bar", data: values, label, silent: true,
    stack: stacked ? "all" : undefined,
    barWidth: stacked ? 16 : BAR, barGap: "20%",
    itemStyle: { color: colour(tone) },
  };
}

// The last piece of a stacked bar says how long all of it is.
function totalAt(series, last) {
  return last ? series[0].values.map((_, row) => series.reduce((sum, one) => sum + one.values[row], 0)) : null;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

main();
