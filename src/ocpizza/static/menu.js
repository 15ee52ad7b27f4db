"use strict";

// The menu looked through while one types, without the server: what `domain/search.py` and
// `domain/wishes.py` do, of the cards that are on the page.
(() => {
  const finder = document.getElementById("chercher"), shelves = document.getElementById("carte");
  const data = document.getElementById("ingredients");
  if (!finder || !data) return;
  // By id: names, what each is left out for, whether it is spicy.
  const ingredients = JSON.parse(data.textContent);
  const EMPTY = new Set("a au aux avec c d de des du en et l la le les of s the un une with and".split(" "));
  const MAX_WORDS = 6, MAX_LETTERS = 24, SLIPS = [[8, 2], [4, 1], [0, 0]];

  const wordsOf = (text) => {
    const letters = text.toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae").normalize("NFKD").replace(/\p{M}/gu, "");
    return (letters.match(/[a-z0-9]+/g) || []).filter((word) => !EMPTY.has(word))
      .map((word) => (word.length > 3 && word.endsWith("s") ? word.slice(0, -1) : word));
  };
  // Letters missing, too many, wrong or swapped in the beginning of a word that is nearest.
  const slips = (typed, word) => {
    let earlier = [], before = Array.from({ length: word.length + 1 }, (_, place) => place);
    for (let row = 1; row <= typed.length; row += 1) {
      const now = [row];
      for (let place = 1; place <= word.length; place += 1) {
        const wrong = typed[row - 1] === word[place - 1] ? 0 : 1;
        let steps = Math.min(before[place] + 1, now[place - 1] + 1, before[place - 1] + wrong);
        const swapped = row > 1 && place > 1 && typed[row - 1] === word[place - 2] && typed[row - 2] === word[place - 1];
        if (swapped) steps = Math.min(steps, earlier[place - 2] + 1);
        now.push(steps);
      }
      [earlier, before] = [before, now];
    }
    return Math.min(...before);
  };
  const meant = (typed, known) => {
    const spelt = known.filter((word) => word.startsWith(typed));
    if (spelt.length) return spelt;
    const forgiven = SLIPS.find(([length]) => typed.length >= length)[1];
    return forgiven ? known.filter((word) => slips(typed, word) <= forgiven) : [];
  };

  const ids = (list) => (list ? list.split(" ") : []);
  // An account's favourites are the server's to know, a browser's its own.
  const signedIn = "account" in document.body.dataset;
  const favourites = new Set(signedIn ? ids(shelves.dataset.favourites) : remembered("favourites") || []);
  const cards = [...shelves.querySelectorAll(".product")].map((card) => {
    const fixed = ids(card.dataset.fixed), removable = ids(card.dataset.removable);
    const names = [...fixed, ...removable].flatMap((id) => ingredients[id].slice(0, 2));
    const shelf = card.closest("section");
    const own = ["h3", ".description"].map((part) => card.querySelector(part)?.textContent || "");
    const text = [...own, shelf.querySelector("h2").textContent, ...names].join(" ");
    const marks = ids(card.dataset.marks);
    if (favourites.has(card.id.replace("produit-", ""))) {
      marks.push("favourite");
      card.classList.add("is-favourite");
    }
    return { card, shelf, marks, fixed, removable, words: new Set(wordsOf(text)), path: card.querySelector("h3 a").href };
  });
  finder.querySelector("[value=favourite]").parentElement.hidden = !cards.some(({ marks }) => marks.includes("favourite"));
  const known = [...new Set(cards.flatMap(({ words }) => [...words]))];

  // The ingredients to leave out, none that must stay; null where it cannot be what is wanted.
  const toLeaveOut = ({ fixed, removable }, unwanted, spicy) => {
    const unfit = (id) => ingredients[id][2].some((one) => unwanted.has(one));
    if (fixed.some(unfit)) return null;
    const out = removable.filter(unfit);
    const kept = [...fixed, ...removable].filter((id) => !out.includes(id));
    return spicy && !kept.some((id) => ingredients[id][3]) ? null : out;
  };
  const show = ({ card, path }, out) => {
    card.hidden = out === null;
    card.querySelector(".leave-out")?.remove();
    const sizes = card.querySelector(".sizes");
    sizes.hidden = Boolean(out?.length);
    if (!sizes.hidden) return;
    const [way, line] = [document.createElement("a"), document.createElement("p")];
    way.href = `${path}?${out.map((id) => `sans=${id}`).join("&")}`;
    way.textContent = `${shelves.dataset.without} ${out.map((id) => ingredients[id][0]).join(", ")}`;
    line.className = "leave-out";
    line.append(way);
    sizes.before(line);
  };
  const find = () => {
    const asked = [...new FormData(finder)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
    const unwanted = new Set(asked.filter(([name]) => name !== "recherche").map(([, value]) => value));
    const typed = wordsOf(finder.elements.recherche.value).slice(0, MAX_WORDS)
      .map((word) => meant(word.slice(0, MAX_LETTERS), known));
    const marks = [...finder.querySelectorAll("[data-mark]:checked")].map((box) => box.value);
    let number = 0;
    for (const each of cards) {
      const there = marks.every((mark) => each.marks.includes(mark)) && typed.every((words) => words.some((word) => each.words.has(word)));
      const out = there ? toLeaveOut(each, unwanted, unwanted.has("spicy")) : null;
      if (out) number += 1;
      show(each, out);
    }
    for (const shelf of new Set(cards.map((each) => each.shelf))) {
      shelf.hidden = !shelf.querySelector(".product:not([hidden])");
      document.querySelector(`.shelves a[href="#${shelf.id}"]`).hidden = shelf.hidden;
    }
    document.getElementById("rien-trouve").hidden = number > 0;
    document.getElementById("trouves").textContent = number;
    finder.querySelector(".found > span").hidden = !asked.length;
    const avoided = [...finder.querySelectorAll("[name=sans]:checked")].map((box) => box.parentElement.textContent.trim().toLowerCase());
    document.getElementById("evites").textContent = avoided.length ? ` · ${avoided.join(", ")}` : "";
    finder.querySelectorAll("[data-about]").forEach((about) => { about.hidden = !unwanted.has(about.dataset.about); });
    // The address can be shared, and is the one to come back to.
    const told = asked.filter(([, value]) => signedIn || value !== "favourite");
    const query = new URLSearchParams(told).toString();
    history.replaceState(history.state, "", location.pathname + (query ? `?${query}` : "") + location.hash);
  };

  // Browsers let an address change a hundred times in half a minute: once a pause is enough.
  let pause;
  finder.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(find, 80); });
  finder.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
    document.activeElement.blur();
  });
  document.querySelectorAll("[data-show-all]").forEach((all) => all.addEventListener("click", (event) => {
    event.preventDefault();
    finder.querySelectorAll("input:checked").forEach((box) => { box.checked = false; });
    finder.elements.recherche.value = "";
    find();
    finder.elements.recherche.focus({ preventScroll: true });
  }));
  // A browser may have put back what was chosen when one left.
  window.addEventListener("pageshow", () => {
    const fields = [...finder.querySelectorAll("input")];
    if (fields.some((one) => one.checked !== one.defaultChecked || one.value !== one.defaultValue)) find();
  });
})();
