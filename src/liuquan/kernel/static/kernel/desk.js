// Keyboard for the desk. Pages work without it: every key stands for a link, button or field on the page.
//   data-key="x"     press (a field: focus) by that key, outside of fields; "?" shows the keys, Esc hides them;
//                    a button that sends a form is only focused: one letter by mistake must not order anything
//   data-key="1"     a digit needs Alt: a scanner or a fast typist sends bare digits to whatever has the focus;
//                    with it, it acts from within a field too
//   While a request of the page is open no digit acts: what is shown is about to change. Another button that is
//   pressed meanwhile acts when the answer is there.
//   [data-at-once]   acts in spite of that, and of data-once: what cannot wait for any page
//   [data-back-to="id"]  in an answer of the server: what it is about is wrong, so the cursor goes back to that field
//   table[data-rows] j/k or arrows walk the rows, Enter opens the row's first link
//   form[data-once]  the button is switched off after the first press; the page that is left by it is kept in the
//                    history by its address alone, so that going back to it does not ask to send an older form again
//   [data-shown-if-field]  is shown and sent only while that field of the form is filled in as -operator and -values
//                    say; the server asks the same, and a page without script shows it with a hint
"use strict";
(() => {
  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");
  const cap = (key) => (/^\d/.test(key) ? `Alt+${key}` : key);
  const waiting = () => document.querySelector(".htmx-request") !== null;
  const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.querySelector("a, button"));

  const walk = (step) => {
    const all = rows();
    if (!all.length) return false;
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[here < 0 ? 0 : Math.min(all.length - 1, Math.max(0, here + step))];
    next.querySelector("a, button").focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  const sheet = () => {
    const open = document.querySelector(".keys");
    if (open) { open.remove(); return; }
    const box = document.createElement("section");
    box.className = "keys";
    box.setAttribute("role", "status");
    box.setAttribute("aria-label", "快捷键");
    const list = document.createElement("dl");
    const add = (key, word) => {
      const term = document.createElement("dt");
      const mark = document.createElement("kbd");
      mark.textContent = key;
      term.append(mark);
      const detail = document.createElement("dd");
      detail.textContent = word;
      list.append(term, detail);
    };
    for (const element of document.querySelectorAll("[data-key]")) {
      const label = element.labels && element.labels[0] ? element.labels[0] : element;
      const key = cap(element.dataset.key);
      add(key, (element.getAttribute("aria-label") || label.textContent).replace(key, "").trim());
    }
    if (rows().length) { add("j / k", "下一行 / 上一行"); }
    add("?", "显示或隐藏快捷键");
    box.append(list);
    document.body.append(box);
  };

  // The key a press stands for. Alt+digit goes by the place of the key, as Alt changes the sign on some keyboards;
  // the number pad stays out: Alt with it writes characters, and some scanners type that way.
  const pressed = (event) => {
    if (event.altKey) return (/^Digit(\d)$/.exec(event.code) || ["", ""])[1];
    return /^\d$/.test(event.key) ? "" : event.key;
  };

  const sends = (target) => target.matches("button:not([type=button], [hx-post])") && target.form?.method === "post";

  let later = "";
  const act = (key) => {
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
    if (!target) return false;
    if (waiting() && !target.matches("[data-at-once]") && (/^\d$/.test(key) || target.matches("button"))) {
      later = /^\d$/.test(key) ? "" : key;
      return true;
    }
    if (typing(target) || (!/^\d$/.test(key) && sends(target))) target.focus(); else target.click();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return;
    const key = pressed(event);
    if (!key) return;
    if (key === "Escape") {
      const open = document.querySelector(".keys");
      if (open) open.remove(); else if (typing(event.target)) event.target.blur();
      return;
    }
    if (typing(event.target) && !event.altKey) return;
    let done = false;
    if (key === "?") { sheet(); done = true; }
    else if (key === "j" || key === "ArrowDown") done = event.target.closest("table[data-rows]") || key === "j" ? walk(1) : false;
    else if (key === "k" || key === "ArrowUp") done = event.target.closest("table[data-rows]") || key === "k" ? walk(-1) : false;
    else done = act(key);
    if (done) event.preventDefault();
  });

  document.addEventListener("htmx:afterSettle", () => setTimeout(() => {
    const key = later;
    if (!key || waiting()) return;
    later = "";
    act(key);
  }));

  document.addEventListener("htmx:afterSettle", (event) => {
    const wrong = event.detail.target.querySelector("[data-back-to]");
    if (wrong) document.getElementById(wrong.dataset.backTo)?.focus();
  });

  const holds = (box) => {
    const given = new FormData(box.closest("form")).getAll(box.dataset.shownIfField).map((value) => value.trim()).filter(Boolean);
    const wanted = JSON.parse(box.dataset.shownIfValues);
    const among = given.some((value) => wanted.includes(value));
    if (box.dataset.shownIfOperator === "filled") return given.length > 0;
    return box.dataset.shownIfOperator === "is_not" ? given.length > 0 && !among : among;
  };
  // In their order: what a hidden field says does not count, so a field that it shows is hidden too.
  const ask = () => {
    for (const box of document.querySelectorAll("[data-shown-if-field]")) {
      box.hidden = !holds(box);
      for (const control of box.querySelectorAll("input, select, textarea")) control.disabled = box.hidden;
    }
  };
  document.addEventListener("input", ask);
  window.addEventListener("pageshow", ask);
  ask();

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-once]")) return;
    if (event.target.dataset.sent && !event.submitter?.matches("[data-at-once]")) { event.preventDefault(); return; }
    event.target.dataset.sent = "1";
    history.replaceState(history.state, "", location.href);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
  });
})();
