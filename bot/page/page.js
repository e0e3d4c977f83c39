() => {
  // A click on a citation hands its link to the page's hidden box; the server answers with the source.
  document.addEventListener("click", (event) => {
    const anchor = event.target.closest('a[href^="#source="]');
    if (!anchor) return;
    event.preventDefault();
    const box = document.querySelector("#opened textarea, #opened input");
    box.value = anchor.getAttribute("href");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // When a source has been opened, bring its cited sentence into view.
  new MutationObserver(() => {
    const mark = document.querySelector("#source mark:not([data-seen])");
    if (!mark) return;
    mark.dataset.seen = "yes";
    const text = mark.closest(".text");
    text.scrollTop = mark.offsetTop - text.clientHeight / 3;
    const article = mark.closest("article");
    const top = article.getBoundingClientRect().top;
    if (top < 0 || top > window.innerHeight / 2) article.scrollIntoView({ block: "start" });  // on a phone it lies below
  }).observe(document.body, { childList: true, subtree: true });
}
