// Keyboard for the desk. Pages work without it: every key stands for a link, button or field on the page.
//   data-key="x"     press (a field: focus) by that key, outside of fields; "?" shows the keys, Esc hides them
//   table[data-rows] j/k or arrows walk the rows, Enter opens the row's first link
//   form[data-once]  the button is switched off after the first press
"use strict";
(() => {
  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");
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
      add(element.dataset.key, (element.getAttribute("aria-label") || label.textContent).replace(element.dataset.key, "").trim());
    }
    if (rows().length) { add("j / k", "下一行 / 上一行"); }
    add("?", "显示或隐藏快捷键");
    box.append(list);
    document.body.append(box);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const open = document.querySelector(".keys");
      if (open) open.remove(); else if (typing(event.target)) event.target.blur();
      return;
    }
    if (typing(event.target)) return;
    let done = false;
    if (event.key === "?") { sheet(); done = true; }
    else if (event.key === "j" || event.key === "ArrowDown") done = event.target.closest("table[data-rows]") || event.key === "j" ? walk(1) : false;
    else if (event.key === "k" || event.key === "ArrowUp") done = event.target.closest("table[data-rows]") || event.key === "k" ? walk(-1) : false;
    else {
      const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
      if (target) { typing(target) ? target.focus() : target.click(); done = true; }
    }
    if (done) event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-once]")) return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
  });
})();
