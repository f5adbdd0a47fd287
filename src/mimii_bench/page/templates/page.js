// Filters, sorting and links into the page. All that is shown stands in the document; this hides,
// shows and orders it, and keeps the choices in the address: #leaderboard?machine=fan&sort=-auc.

const forms = [...document.querySelectorAll("form.filters")];

function place() {
  const [section, query = ""] = location.hash.slice(1).split("?");
  return { section, chosen: new URLSearchParams(query) };
}

function remember(section, chosen) {
  const kept = new URLSearchParams([...chosen].filter(([, value]) => value));
  const query = kept.toString();
  history.replaceState(null, "", `#${section}${query ? `?${query}` : ""}`);
}

function sectionOf(element) {
  return element.closest("main > section").id;
}

// What is chosen in a section: by its form, and how its table is sorted.
function choices(section) {
  const form = section.querySelector("form.filters");
  const found = new URLSearchParams(form ? new FormData(form) : undefined);
  const sorted = form && tableOf(form).dataset.sort;
  if (sorted) found.set("sort", sorted);
  return found;
}

function tableOf(form) {
  return document.getElementById(`${form.dataset.table}-table`);
}

// Fields named in data-scopes are those of rows that hold a mean: nothing chosen has its own rows.
function apply(form) {
  const table = tableOf(form);
  const scopes = (table.dataset.scopes || "").split(" ");
  const chosen = [...new FormData(form)];
  let shown = 0;
  for (const row of table.tBodies[0].rows) {
    const fits = ([name, value]) =>
      scopes.includes(name) ? row.dataset[name] === value : !value || row.dataset[name] === value;
    row.hidden = !chosen.every(fits);
    shown += !row.hidden;
  }
  form.querySelector(".shown").textContent = `${shown} rows`;
  const detail = { table: form.dataset.table, chosen };
  document.dispatchEvent(new CustomEvent("chosen", { detail }));
}

function valueOf(row, column) {
  const cell = row.cells[column];
  const value = cell.dataset.value ?? cell.textContent.trim();
  return value === "" ? null : value;
}

function compare(one, other) {
  const numbers = [Number(one), Number(other)];
  return numbers.some(Number.isNaN) ? one.localeCompare(other) : numbers[0] - numbers[1];
}

// Empty cells come last, whichever way.
function sort(table, key, direction) {
  const heads = [...table.tHead.rows[0].cells];
  const column = heads.findIndex((head) => head.dataset.key === key);
  if (column < 0) return;
  const sign = direction === "descending" ? -1 : 1;
  const rows = [...table.tBodies[0].rows];
  const keyed = rows.map((row) => [valueOf(row, column), row]);
  const isBlank = (value) => Number(value === null);
  keyed.sort(([one], [other]) =>
    isBlank(one) || isBlank(other) ? isBlank(one) - isBlank(other) : sign * compare(one, other));
  table.tBodies[0].append(...keyed.map(([, row]) => row));
  heads.forEach((head) => head.removeAttribute("aria-sort"));
  heads[column].setAttribute("aria-sort", direction);
  table.dataset.sort = (sign < 0 ? "-" : "") + key;
}

function makeSortable(table) {
  for (const head of table.querySelectorAll("th[data-key]")) {
    const button = document.createElement("button");
    button.type = "button";
    const holder = head.querySelector(".sort");
    button.append(...holder.childNodes);
    holder.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") === "ascending";
      sort(table, head.dataset.key, up ? "descending" : "ascending");
      if (table.id) remember(sectionOf(table), choices(table.closest("main > section")));
    });
  }
}

// Set the filters and the order of a section as an address has them, and go there.
function restore() {
  const { section: name, chosen } = place();
  const section = document.getElementById(name);
  if (!section?.matches("main > section")) return;
  const form = section.querySelector("form.filters");
  if (form) {
    for (const field of form.querySelectorAll("select")) {
      const value = chosen.get(field.name) || "";
      field.value = [...field.options].some((option) => option.value === value) ? value : "";
    }
    const order = chosen.get("sort");
    const direction = order?.startsWith("-") ? "descending" : "ascending";
    if (order) sort(tableOf(form), order.replace(/^-/, ""), direction);
    apply(form);
  }
  const report = [...section.querySelectorAll("details.report")].find(
    (one) => one.dataset.report === chosen.get("report"));
  if (report) report.open = true;
  (report || section).scrollIntoView();
}

// Mark the section that is read: the last one that has begun above the upper third.
function mark() {
  const begun = [...document.querySelectorAll("main > section")].filter(
    (section) => section.getBoundingClientRect().top < innerHeight / 3);
  const current = `#${begun.at(-1)?.id ?? "run"}`;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

document.documentElement.classList.add("alive");
document.querySelectorAll("table.sortable").forEach(makeSortable);
for (const form of forms) {
  const section = form.closest("main > section");
  apply(form);
  const choose = () => { apply(form); remember(section.id, choices(section)); };
  form.addEventListener("change", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  // Its fields are empty after the event.
  form.addEventListener("reset", () => setTimeout(choose));
}
for (const report of document.querySelectorAll("details.report")) {
  // A click, of a key as well, and not what opens it for a link or for paper.
  report.querySelector("summary").addEventListener("click", () => {
    remember("reports", new URLSearchParams(report.open ? {} : { report: report.dataset.report }));
  });
}
// What is drawn later moves what stands below it: go there again, unless somebody has moved since.
let moved = false;
for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  addEventListener(kind, () => { moved = true; }, { once: true, passive: true });
}
document.addEventListener("drawn", () => { if (!moved) restore(); });
addEventListener("hashchange", restore);
addEventListener("beforeprint", () => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
});
addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
restore();
mark();
