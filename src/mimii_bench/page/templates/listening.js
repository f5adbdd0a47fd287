// The listening room: one machine and ratio at a time, and a cursor over the picture of what plays.

const hearing = document.querySelector("form.choose");
const rooms = [...document.querySelectorAll(".room")];
const STEP = 0.5;

function chosenRoom() {
  const chosen = [...new FormData(hearing)];
  return rooms.find((room) => chosen.every(([name, value]) => room.dataset[name] === value));
}

function showRoom() {
  const shown = chosenRoom();
  for (const room of rooms) {
    room.hidden = room !== shown;
    if (room.hidden) room.querySelectorAll("audio").forEach((audio) => audio.pause());
  }
  document.querySelector("#listening .nothing").hidden = Boolean(shown);
}

// What an address names: #listening?machine=fan&snr=-6dB
function restoreRoom() {
  const [section, query = ""] = location.hash.slice(1).split("?");
  if (section !== "listening") return;
  for (const [name, value] of new URLSearchParams(query)) {
    const field = [...hearing.elements].find((one) => one.name === name);
    if (field && [...field.options].some((option) => option.value === value)) field.value = value;
  }
  showRoom();
}

function rememberRoom() {
  const fields = [...hearing.elements].filter((field) => field.options.length > 1);
  const query = new URLSearchParams(fields.map((field) => [field.name, field.value]));
  history.replaceState(null, "", `#listening${fields.length ? `?${query}` : ""}`);
}

function follow(figure) {
  const audio = figure.querySelector("audio");
  const view = figure.querySelector(".view");
  const cursor = figure.querySelector(".cursor");
  const [left, right, stated] = ["left", "right", "seconds"].map((name) => Number(figure.dataset[name]));
  const length = () => (Number.isFinite(audio.duration) ? audio.duration : stated);

  function move() {
    const now = Math.min(audio.currentTime, length());
    cursor.hidden = false;
    cursor.style.left = `${100 * (left + ((right - left) * now) / length())}%`;
    const shown = now.toFixed(1);
    if (view.getAttribute("aria-valuenow") !== shown) {
      view.setAttribute("aria-valuenow", shown);
      view.setAttribute("aria-valuetext", `${shown} s`);
    }
  }

  function frame() {
    move();
    if (!audio.paused && !audio.ended) requestAnimationFrame(frame);
  }

  function seek(seconds) {
    audio.currentTime = Math.max(0, Math.min(seconds, length()));
    move();
  }

  function turn() {
    if (audio.paused) audio.play();
    else audio.pause();
  }

  const keys = {
    ArrowRight: () => seek(audio.currentTime + STEP),
    ArrowUp: () => seek(audio.currentTime + STEP),
    ArrowLeft: () => seek(audio.currentTime - STEP),
    ArrowDown: () => seek(audio.currentTime - STEP),
    Home: () => seek(0),
    End: () => seek(length()),
    " ": turn,
    Enter: turn,
  };

  const slider = { role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": stated, "aria-valuenow": 0 };
  for (const [name, value] of Object.entries(slider)) view.setAttribute(name, value);
  view.setAttribute("aria-label", `Position in ${view.dataset.name}; Enter plays`);
  view.addEventListener("click", (event) => {
    const box = view.getBoundingClientRect();
    seek((length() * ((event.clientX - box.left) / box.width - left)) / (right - left));
    audio.play();
  });
  view.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  audio.addEventListener("play", () => {
    // One at a time.
    for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
    requestAnimationFrame(frame);
  });
  audio.addEventListener("seeked", move);
}

if (hearing) {
  hearing.hidden = false;
  hearing.addEventListener("change", () => { showRoom(); rememberRoom(); });
  addEventListener("hashchange", restoreRoom);
  document.querySelectorAll("figure.heard").forEach(follow);
  showRoom();
  restoreRoom();
}
