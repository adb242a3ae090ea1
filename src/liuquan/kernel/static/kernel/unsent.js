// What was typed and not sent yet is not lost. Pages work without it.
//   form[data-once]         leaving the page is asked about first, once something was typed; not where one signs in
//   body[data-answers]      the page answers a form: what that form shows again was typed and is kept nowhere, so it is
//                           asked about from the start. Back and reload go to the address and send nothing
//   form[data-address]      a draft keeps the form, and its address shows it: nothing is asked, Back and reload go there
//   form[data-type-size]    large type is switched on and off on the page as it stands
"use strict";
(() => {
  const form = "form[data-once]:not(:has([type=password]))";
  const keptAtOnce = "[type=file][hx-post]";
  const answers = document.body.hasAttribute("data-answers");
  let typed = answers && document.querySelector(`${form}:not([data-address^="/"])`) !== null;
  document.addEventListener("input", (event) => {
    if (event.target.closest(form) && !event.target.matches(keptAtOnce)) typed = true;
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches(form) && !event.defaultPrevented) typed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });

  const address = document.querySelector("form[data-address]")?.dataset.address;
  if (address || answers) history.replaceState(null, "", address || location.href);

  const show = (size) => {
    document.documentElement.dataset.size = size;
    for (const button of document.querySelectorAll("form[data-type-size] button")) {
      button.value = size === "large" ? "normal" : "large";
      button.textContent = button.dataset[button.value];
    }
  };
  document.addEventListener("submit", async (event) => {
    const asked = event.target;
    if (!asked.matches("form[data-type-size]")) return;
    event.preventDefault();
    const size = asked.querySelector("button").value;
    const body = new FormData(asked);
    body.set("size", size);
    const answer = await fetch(asked.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") show(size);
  });
})();
