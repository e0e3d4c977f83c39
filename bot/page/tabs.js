// A mark of a picture opens its sentence as a link would; buttons of a table ask or sort.
const hook = () => {
  for (const plot of element.querySelectorAll(".js-plotly-plot:not([data-hooked])")) {
    if (!plot.on) continue;
    plot.dataset.hooked = "yes";
    plot.setAttribute("role", "img");  // what it shows stands in the table below it
    plot.setAttribute("aria-label", props.value);
    plot.on("plotly_click", (event) => {
      const anchor = document.createElement("a");
      anchor.href = event.points[0].customdata[0];
      document.body.append(anchor);
      anchor.click();
      anchor.remove();
    });
  }
};
hook();
new MutationObserver(hook).observe(element, { childList: true, subtree: true, attributes: true });
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-ask], button[data-sort]");
  if (!button) return;
  if (button.dataset.ask) trigger("ask", { text: button.dataset.ask });
  else trigger("arrange", { column: button.dataset.sort });
});
