// A slider over the months of a page: moves its period, as wide as it is, and shows the page for it.
"use strict";

{
  const number = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
  const month = (number) => `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
  const words = (number) =>
    new Date(Date.UTC(Math.floor(number / 12), number % 12, 1)).toLocaleDateString("en-GB", {
      month: "long", year: "numeric", timeZone: "UTC",
    });

  const lay = () => {
    const place = document.querySelector(".slide");
    if (!place) return;
    const [first, end] = [number(place.dataset.first), number(place.dataset.end)];
    const wide = Math.min(Number(place.dataset.months), end - first);
    if (end - first < 2 || wide >= end - first) return;
    const label = document.createElement("label");
    const range = document.createElement("input");
    const said = document.createElement("output");
    range.type = "range";
    range.min = first;
    range.max = end - wide;
    range.value = number(place.dataset.from);
    range.id = "slide";
    const tell = () => {
      const from = Number(range.value);
      const text = wide === 1 ? words(from) : `${words(from)} to ${words(from + wide - 1)}`;
      said.textContent = text;
      range.setAttribute("aria-valuetext", text);
    };
    tell();
    const name = document.createElement("span");
    name.textContent = wide === 1 ? "Month" : `${wide} months`;
    label.append(name, range, said);
    place.replaceChildren(label);

    let waiting = 0;
    range.addEventListener("input", () => {
      tell();
      clearTimeout(waiting);
      waiting = setTimeout(() => show(Number(range.value), wide), 200);
    });
  };

  let asked = 0;
  const show = async (from, wide) => {
    const address = new URL(location.href);
    address.searchParams.set("from", month(from));
    address.searchParams.set("until", month(from + wide));
    const mine = ++asked;
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("main");
    // Of several that are on their way only the last is shown.
    if (mine !== asked || !next) return;
    const held = document.activeElement && document.activeElement.id === "slide";
    document.querySelector("main").replaceWith(document.adoptNode(next));
    const foot = page.querySelector("footer");
    if (foot) document.querySelector("footer").replaceWith(document.adoptNode(foot));
    history.replaceState(null, "", address);
    document.title = page.title;
    lay();
    if (held) document.getElementById("slide").focus();
  };

  lay();
}
