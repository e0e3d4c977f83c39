() => {
  // The language: what was chosen before, else the browser's. Chinese has an address of its own.
  const chinese = /\/zh\/?$/.test(location.pathname);
  const chosen = localStorage.getItem("banbot-language");
  if (!chinese && (chosen ? chosen === "zh" : navigator.language.startsWith("zh"))) location.replace("./zh");
  document.documentElement.lang = chinese ? "zh-CN" : "en";

  for (const origin of document.querySelectorAll(".origin")) origin.textContent = location.origin;
  const find = (selector, within = document) => within.querySelector(selector);
  let opener = null;  // the citation that opened the source, to go back to

  window.banbot = {
    save(exported) {
      const { name, text } = JSON.parse(exported);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    },
  };

  async function copy(button) {
    const text = button.dataset.copy;
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else {
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = text;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    say(button.dataset.said);
    const name = button.textContent;
    button.textContent = button.dataset.said;
    setTimeout(() => { button.textContent = name; }, 1500);
  }

  function say(text) {
    const live = find("#live");
    if (live && live.textContent !== text) live.textContent = text;
  }

  function edit(button) {
    const turn = button.closest(".turn");
    if (find("form.mend", turn)) return;
    const form = document.createElement("form");
    form.className = "mend";
    const area = document.createElement("textarea");
    area.value = button.dataset.edit;
    area.setAttribute("aria-label", button.textContent);
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
      if (event.key === "Escape") { form.remove(); button.focus(); }
    });
    const send = document.createElement("button");
    send.textContent = find("#send").textContent.trim();
    form.append(area, send);
    find(".actions", turn).after(form);
    area.focus();
  }

  function rate(button) {
    const form = find("form.reason", button.closest(".turn"));
    form.hidden = false;
    form.dataset.rate = button.dataset.rate;
    find("input", form).focus();
  }

  // A click on a citation hands its link to the page's hidden box; the server answers with the source.
  // Each source that is opened is a step of the browser's history, so that its back button closes it.
  const steps = () => history.state?.steps || 0;
  const reading = () => document.body.classList.contains("reading");
  if (steps()) history.replaceState(null, "");  // of before a reload
  function open(anchor) {
    if (!anchor.closest("#source")) opener = anchor;
    const link = anchor.getAttribute("href");
    if (!reading() || history.state?.link !== link) history.pushState({ link, steps: steps() + 1 }, "");
    turn(link);
  }

  function turn(link) {
    document.body.classList.add("reading");
    const box = find("#opened textarea, #opened input");
    if (box.value === link) return reveal();
    box.value = link;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function close() {
    if (steps()) history.go(-steps());
    else leave();
  }

  function leave() {
    document.body.classList.remove("reading");
    const link = opener?.getAttribute("href");  // an answer that has grown since has new citations
    const mark = opener?.isConnected ? opener : [...document.querySelectorAll("#talk a.cite")].find((each) => each.getAttribute("href") === link);
    (mark || find("#question textarea")).focus();
  }

  window.addEventListener("popstate", ({ state }) => {
    if (state?.link) turn(state.link);
    else if (reading()) leave();
  });

  // From the question to the answer that stands above it: its first citation, else the answer itself.
  function answered() {
    const answer = [...document.querySelectorAll("#talk .answer")].at(-1);
    const mark = answer && (find("a.cite", answer) || answer);
    if (mark === answer) answer.tabIndex = -1;
    mark?.focus();
  }

  function more(button) {
    const shown = document.body.classList.toggle("more");
    button.setAttribute("aria-expanded", shown);
  }

  // Gradio leaves the list of a dropdown open when the focus has gone on.
  document.addEventListener("focusout", ({ target }) => {
    if (target.getAttribute("role") !== "combobox") return;
    setTimeout(() => {
      const left = document.activeElement !== target && target.getAttribute("aria-expanded") === "true";
      if (left) target.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    }, 200);
  });

  function reveal() {
    const article = find("#source article");
    if (!article || !reading()) return;
    const mark = find("mark", article);
    const text = find(".text", article);
    text.scrollTop = mark ? mark.offsetTop - text.clientHeight / 3 : 0;
    const top = article.getBoundingClientRect().top;
    if (top < 0 || top > window.innerHeight / 2) article.scrollIntoView({ block: "start" });  // on a phone it lies below
    (mark || text).focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const anchor = event.target.closest('a[href^="#source="]');
    if (anchor) { event.preventDefault(); hide(); return open(anchor); }
    const button = event.target.closest("button, a[data-language]");
    if (!button) return;
    if (button.id === "skip") answered();
    if (button.id === "more") more(button);
    if (button.dataset.copy) copy(button);
    if (button.dataset.edit) edit(button);
    if (button.dataset.rate) rate(button);
    if (button.dataset.panel === "close") close();
    if (button.dataset.panel === "back") { opener?.scrollIntoView({ block: "center" }); opener?.focus(); }
    if (button.dataset.language) localStorage.setItem("banbot-language", button.dataset.language);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!hide() && reading() && event.target.closest("#source, #talk")) close();
  });

  // The preview of a citation: what is quoted, and from where.
  const preview = document.createElement("div");
  preview.id = "preview";
  preview.setAttribute("role", "tooltip");
  preview.hidden = true;
  const quote = preview.appendChild(document.createElement("q"));
  const about = preview.appendChild(document.createElement("span"));
  document.body.append(preview);
  quote.dir = about.dir = "auto";
  function show(mark) {
    quote.textContent = mark.dataset.quote;
    about.textContent = mark.dataset.about;
    preview.hidden = false;
    mark.setAttribute("aria-describedby", "preview");
    const at = mark.getBoundingClientRect();
    const { width, height } = preview.getBoundingClientRect();
    preview.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
    preview.style.top = `${at.top > height + 12 ? at.top - height - 6 : at.bottom + 6}px`;
  }
  function hide() {
    const shown = !preview.hidden;
    preview.hidden = true;
    return shown;
  }
  for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(begin, (event) => { const mark = event.target.closest?.("a.cite"); if (mark) show(mark); });
    document.addEventListener(end, (event) => { if (event.target.closest?.("a.cite")) hide(); });
  }
  document.addEventListener("scroll", hide, true);

  // What changes is followed: a source that was opened, a question that was asked, an answer that is done.
  let opened = "", turns = 0, waiting = false;
  new MutationObserver(() => {
    const link = find("#source article")?.dataset.link || "";
    if (link !== opened) {
      opened = link;
      if (link) reveal();
      else if (reading()) close();  // a new chat
    }
    const last = [...document.querySelectorAll("#talk .turn")].at(-1);
    const count = last ? Number(last.dataset.at) + 1 : 0;
    if (count !== turns) {
      if (count > turns) requestAnimationFrame(() => last.scrollIntoView({ block: "start" }));
      turns = count;
      document.body.classList.toggle("talking", count > 0);
    }
    if (!last) return;
    const busy = find("[aria-busy]", last);
    if (busy && !waiting) say(find("#live").dataset.busy);
    if (!busy && waiting) say(find(".said, .answer", last).innerText);
    waiting = Boolean(busy);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}
