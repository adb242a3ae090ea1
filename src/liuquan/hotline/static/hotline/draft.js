// Keeps a form that is being filled in, each second in which something changed: form[data-draft] names the
// address, which answers with the draft's code. Pages work without it: each look-up keeps the form too.
"use strict";
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const state = document.getElementById("draft-state");
  const code = form.elements.namedItem("draft");
  const typed = () => {
    const given = new FormData(form);
    for (const name of ["draft", "csrfmiddlewaretoken", "submission_key", "shown"]) given.delete(name);
    return new URLSearchParams([...given].map(([name, value]) => [name, String(value)])).toString();
  };
  let kept = typed();
  let busy = false;
  const keep = async () => {
    const now = typed();
    if (busy || now === kept || form.dataset.sent) return;
    busy = true;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: new URLSearchParams([...new FormData(form)].map(([n, v]) => [n, String(v)])),
        credentials: "same-origin", keepalive: true,
      });
      if (answer.redirected || answer.status === 401 || answer.status === 403) {
        state.textContent = "登录已经过期，没有存上：请在新窗口重新登录，写下的还在这一页";
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      if (!form.dataset.sent) code.value = await answer.text();
      kept = now;
      state.textContent = "已存好";
    } catch {
      state.textContent = "暂时没有存上，正在重试，请不要关闭页面";
    } finally {
      busy = false;
    }
  };
  setInterval(keep, 1000);
  window.addEventListener("pagehide", keep);
})();
