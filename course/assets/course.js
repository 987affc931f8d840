// Progress kept in the browser, and small repairs for keyboards and screen readers. No dependencies.
// Everything on the site works without this file.
(() => {
  "use strict";
  const STORE = "course-progress";

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(STORE)) || {};
    } catch {
      return {}; // Storage is switched off, or holds something else: start from nothing.
    }
  };
  const write = (done) => {
    try {
      localStorage.setItem(STORE, JSON.stringify(done));
    } catch {
      // Without storage the mark lasts as long as the page.
    }
  };
  const page = (href) => new URL(href, location.href).pathname.replace(/index\.html$/, "");

  // Material leaves these out; each line answers one rule of axe or one key that did nothing.
  const repair = () => {
    document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
    for (const [number, nav] of document.querySelectorAll("nav.md-code__nav").entries())
      nav.setAttribute("aria-label", `Code block ${number + 1}`);
    for (const nav of document.querySelectorAll("nav.md-nav[aria-labelledby]")) {
      const titles = [];
      for (let at = nav; at; at = at.parentElement.closest("nav.md-nav[data-md-level]"))
        titles.unshift(at.querySelector(":scope > .md-nav__title")?.textContent.trim());
      nav.removeAttribute("aria-labelledby");
      nav.setAttribute("aria-label", titles.slice(1).join(", "));
    }
    for (const code of document.querySelectorAll(".md-typeset pre > code")) code.tabIndex = 0;
    for (const table of document.querySelectorAll(".md-typeset__scrollwrap")) table.tabIndex = 0;
  };

  const tick = () => {
    const done = read();
    for (const link of document.querySelectorAll("a.md-nav__link, .md-typeset td > a"))
      link.classList.toggle("is-done", !link.hash && Boolean(done[page(link.href)]));
  };

  const offer = () => {
    const place = document.querySelector("[data-progress]");
    if (!place || place.firstChild) return;
    const here = page(location.href);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "md-button";
    const paint = () => {
      const done = Boolean(read()[here]);
      button.setAttribute("aria-pressed", String(done));
      button.textContent = done ? "✓ Done" : `Mark this ${place.dataset.progress} as done`;
    };
    button.addEventListener("click", () => {
      const done = read();
      if (done[here]) delete done[here];
      else done[here] = new Date().toISOString();
      write(done);
      paint();
      tick();
    });
    paint();
    place.className = "done";
    place.append(button);
  };

  const start = () => {
    repair();
    offer();
    tick();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
  window.document$?.subscribe(start); // Material swaps pages without loading them.
})();
