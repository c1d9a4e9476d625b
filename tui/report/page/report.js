// Plays the session inside the report, and goes to a moment when its time is clicked.
// Nothing is fetched: terminals are packed into the page.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const place = document.getElementById("player");
  const now = document.getElementById("now");
  const choice = document.getElementById("terminal");
  if (!place || typeof AsciinemaPlayer === "undefined") return;
  if (typeof DecompressionStream === "undefined") {
    place.textContent = "This browser is too old to play the session; the pictures show key moments.";
    return;
  }
  const faults = [];
  const note = (...words) => faults.push(words.map(String).join(" "));
  const logger = { log() {}, debug() {}, info() {}, warn: note, error: note };
  const texts = new Map();
  let shown = null; // { terminal, player }
  let turn = 0;

  const unpack = name => {
    if (!texts.has(name)) {
      const packed = atob(document.getElementById("cast-" + name).textContent.trim());
      const bytes = Uint8Array.from(packed, letter => letter.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      texts.set(name, new Response(stream).text());
    }
    return texts.get(name);
  };

  // Nothing is awaited here, so that no two of these can come between each other.
  const load = terminal => {
    if (shown && shown.terminal === terminal) return shown.player;
    if (shown) shown.player.dispose();
    place.replaceChildren();
    const player = AsciinemaPlayer.create({ data: () => unpack(terminal.name) }, place, {
      preload: true, fit: "width", controls: true, markers: terminal.marks, logger,
      cols: terminal.columns, rows: terminal.lines,
      terminalFontFamily: "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
    });
    shown = { terminal, player };
    if (choice) choice.value = terminal.name;
    return player;
  };

  const clock = seconds => {
    const whole = Math.max(0, Math.floor(seconds));
    const two = number => String(number).padStart(2, "0");
    const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
    return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(whole % 60);
  };

  // Casts begin with the session, whenever their terminal was opened.
  const position = async () => (shown ? await shown.player.getCurrentTime() : 0);

  const tick = async () => {
    const t = await position();
    now.textContent = clock(t);
    for (const line of document.querySelectorAll(".cursor"))
      line.style.left = Math.min(100, (100 * t) / Math.max(1, data.duration)) + "%";
  };

  // The terminal that is named, else the one that was opened last by then.
  const at = (t, name) =>
    data.terminals.find(each => each.name === name) ||
    data.terminals.filter(each => each.opened <= t).pop() ||
    data.terminals[0];

  // To a time, or with null to the present one. When several are asked for the last one counts.
  const jump = async (t, name, play = true) => {
    const mine = ++turn;
    const target = t ?? (await position());
    const terminal = at(target, name);
    if (mine !== turn || !terminal) return;
    const player = load(terminal);
    await player.seek(Math.max(0, target));
    await tick();
    // At its end the player would begin again.
    if (play && target < (await player.getDuration()) && mine === turn) await player.play();
  };

  document.addEventListener("click", event => {
    const link = event.target.closest("[data-t]");
    if (!link) return;
    event.preventDefault();
    for (const each of document.querySelectorAll(".gone-to")) each.classList.remove("gone-to");
    link.classList.add("gone-to");
    document.getElementById("replay").scrollIntoView({ block: "nearest" });
    jump(Number(link.dataset.t), link.dataset.terminal);
  });
  if (choice) choice.addEventListener("change", () => jump(null, choice.value, false));
  setInterval(tick, 250);

  // Open for whoever tests the page.
  window.replay = { jump, position, faults, get player() { return shown && shown.player; } };
  const asked = /^#t=([0-9.]+)$/.exec(location.hash);
  const begin = asked ? { t: Number(asked[1]) } : data.begin;
  window.replay.ready = begin ? jump(begin.t, begin.terminal, false).catch(error => note(error)) : null;
})();
