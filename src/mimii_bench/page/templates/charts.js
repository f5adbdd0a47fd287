// Draws the charts of the page, in the reader's colours, as wide as there is room.

const figures = [...document.querySelectorAll("figure.chart")];
const dark = matchMedia("(prefers-color-scheme: dark)");
const chosen = {};

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function look() {
  const ink = colour("ink"), soft = colour("soft"), line = colour("line");
  const category = dark.matches
    ? ["#56b4e9", "#f0a03c", "#35c39c", "#e79ac6", "#f0e442", "#b9c2cc"]
    : ["#0067a6", "#c85200", "#00805c", "#b0498a", "#8a6d00", "#57606a"];
  const text = {
    labelColor: ink, labelFontSize: 12,
    titleColor: ink, titleFontSize: 12, titleFontWeight: "normal",
  };
  return {
    background: "transparent",
    font: "system-ui, sans-serif",
    axis: { ...text, gridColor: line, domainColor: soft, tickColor: soft },
    legend: {
      ...text, layout: { top: { direction: "vertical", margin: 4 } },
      symbolBaseFillColor: ink, symbolBaseStrokeColor: ink,
    },
    title: { color: soft },
    text: { color: ink },
    rule: { color: ink },
    line: { color: soft },
    view: { stroke: line },
    range: { category },
  };
}

// A report that is closed has no width yet: that of the text will be its.
function room(plot) {
  const box = plot.closest(".scroll");
  const width = box.clientWidth || document.getElementById("main").clientWidth - 64;
  return Math.max(Number(plot.dataset.least), Math.min(width, Number(plot.dataset.most)));
}

function follow(view, table) {
  for (const [name, value] of chosen[table] || []) {
    view.signal(name, value);
  }
  view.runAsync();
}

async function draw(figure) {
  const plot = figure.querySelector(".plot");
  const spec = JSON.parse(figure.querySelector(".spec").textContent);
  spec.width = room(plot);
  const { view } = await window.vegaEmbed(plot, spec, {
    actions: false, ast: true, renderer: "svg", config: look(), mode: "vega-lite",
    // Errors alone: filters may leave nothing to show, which is no mistake.
    logLevel: 1,
  });
  figure.view = view;
  plot.style.minHeight = "";
  figure.drawn = spec.width;
  if (plot.dataset.filtered) follow(view, plot.dataset.filtered);
}

// One after the other, with a pause in which the page answers.
let turn = 0;
async function drawAll(wanted) {
  const mine = ++turn;
  for (const figure of wanted) {
    await new Promise((resolve) => setTimeout(resolve));
    if (mine !== turn) return;
    await draw(figure);
  }
  if (!document.documentElement.dataset.drawn) document.dispatchEvent(new Event("drawn"));
  document.documentElement.dataset.drawn = "yes";
}

function fit() {
  drawAll(figures.filter((figure) => figure.drawn !== room(figure.querySelector(".plot"))));
}

let waiting;
addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(fit, 150); });
dark.addEventListener("change", () => drawAll(figures));
document.addEventListener("toggle", fit, true);
document.addEventListener("chosen", (event) => {
  const { table, chosen: values } = event.detail;
  chosen[table] = values;
  for (const figure of figures) {
    const { filtered } = figure.querySelector(".plot").dataset;
    if (figure.view && filtered === table) follow(figure.view, table);
  }
});
for (const form of document.querySelectorAll("form.filters")) {
  chosen[form.dataset.table] = [...new FormData(form)];
}
drawAll(figures);
