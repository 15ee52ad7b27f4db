// What a test asks of the page in front of it. Each answer is a list of complaints.
(() => {
  const all = (css, root = document) => [...root.querySelectorAll(css)];
  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  function hiddenOnPurpose(element) {
    if (element.closest(".skip")) return true;
    for (let each = element; each; each = each.parentElement) {
      if (getComputedStyle(each).clipPath === "inset(50%)") return true;
    }
    return false;
  }

  function named(element) {
    const name = element.getAttribute("aria-label") || element.textContent.trim() || element.name || "";
    const classes = element.className ? `.${String(element.className).trim().replaceAll(" ", ".")}` : "";
    return `${element.localName}${classes} « ${name.replace(/\s+/g, " ").slice(0, 50)} »`;
  }

  // WCAG 1.4.10: one direction of scrolling is enough.
  function sideways() {
    const page = document.scrollingElement;
    if (page.scrollWidth <= window.innerWidth) return [];
    const wide = all("body *").filter((element) => {
      const box = element.getBoundingClientRect();
      return box.right > window.innerWidth + 1 && shown(element) && !hiddenOnPurpose(element)
        && !element.closest(".table-scroll, .shelves, .tabs, .hero");
    });
    return [`${page.scrollWidth} > ${window.innerWidth}`, ...wide.slice(0, 5).map(named)];
  }

  // WCAG 1.4.4, 1.4.12: text that does not fit its box and cannot be scrolled to is lost.
  function clipped() {
    const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
    const speaks = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    return all("body, body *").flatMap((box) => {
      const { overflowX, overflowY } = getComputedStyle(box);
      if (!(cuts(overflowX) || cuts(overflowY)) || !shown(box) || hiddenOnPurpose(box)) return [];
      const edge = box.getBoundingClientRect();
      return [box, ...all("*", box)].filter((element) => shown(element) && speaks(element)).filter((element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        const text = range.getBoundingClientRect();
        return (cuts(overflowX) && (text.right > edge.right + 1 || text.left < edge.left - 1))
          || (cuts(overflowY) && (text.bottom > edge.bottom + 1 || text.top < edge.top - 1));
      }).map((element) => `cut off: ${named(element)}`);
    });
  }

  // WCAG 2.4.7, 2.4.11: whatever has the focus shows it, and nothing lies on it.
  function focusLost(element) {
    const outlined = [element, element.closest(".card"), element.closest("label")].some((each) => {
      const style = each && getComputedStyle(each);
      return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    if (!outlined) return `no outline: ${named(element)}`;
    // A link in a text may go on in the next line: each of its boxes is looked at.
    const covered = [...element.getClientRects()].filter((box) => box.width && box.height).flatMap((box) => {
      const x = (Math.max(box.left, 0) + Math.min(box.right, window.innerWidth)) / 2;
      const edges = [Math.max(box.top, 0) + 2, Math.min(box.bottom, window.innerHeight) - 2];
      return [edges[0], (edges[0] + edges[1]) / 2, edges[1]].filter((y) => {
        const top = document.elementFromPoint(x, y);
        return !top || !(element.contains(top) || top.contains(element) || element.closest("label")?.contains(top));
      });
    });
    return covered.length ? `covered: ${named(element)}` : null;
  }
  function unfocusable() {
    const start = document.activeElement;
    const lost = all(FOCUSABLE).filter((element) => shown(element) && !element.disabled && element.tabIndex >= 0)
      .map((element) => {
        element.focus({ focusVisible: true });
        element.scrollIntoView({ block: "nearest" });
        return document.activeElement === element ? focusLost(element) : null;
      });
    start?.focus?.();
    window.scrollTo(0, 0);
    return lost.filter(Boolean);
  }

  // WCAG 2.5.8 is axe's; this is for thumbs: 44 px, but for links in the run of a text.
  function small() {
    return all(FOCUSABLE).filter((element) => {
      if (!shown(element) || element.closest(".skip") || element.matches(".table-scroll, main")) return false;
      if (element.matches("p a:not(.button), li a:not(.button, .ticket-number), dd a, td a, span a")
        && getComputedStyle(element).display === "inline") return false;
      const target = element.closest("label, .card:has(.card-link), .product:has(h3 a)") || element;
      const box = target.getBoundingClientRect();
      return box.height < 43.5 || box.width < 24;
    }).map((element) => `${Math.round(element.getBoundingClientRect().height)} px: ${named(element)}`);
  }

  // WCAG 1.3.5, 3.3.1: fields say what they are for; a wrong one leads to what is wrong.
  function unexplained() {
    const text = "input:not([type=hidden], [type=radio], [type=checkbox], [type=number], [type=date], [type=time]"
      + ", [type=file], [type=search], [type=submit])";
    const silent = all(text).filter((field) => shown(field) && !field.autocomplete)
      .map((field) => `no autocomplete: ${field.name}`);
    const wrong = all("[aria-invalid=true]").filter((field) => {
      const ids = (field.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
      return !ids.some((id) => document.getElementById(id)?.matches(".field-error"));
    }).map((field) => `nothing says what is wrong: ${field.name || field.className}`);
    const described = new Set(all("[aria-describedby]")
      .flatMap((field) => field.getAttribute("aria-describedby").split(" ")));
    const loose = all("form .field-error, form.field-error").filter((error) => !described.has(error.id))
      .map((error) => `belongs to no field: ${error.textContent.trim()}`);
    const faults = all(".field-error[id]").filter((error) => described.has(error.id) && error.closest("form[novalidate]"));
    const missing = faults.filter((error) => !document.querySelector(".error-summary a"))
      .map((error) => `not in the summary: ${error.textContent.trim()}`);
    const dead = all(".error-summary a").filter((link) => !document.getElementById(link.hash.slice(1)))
      .map((link) => `leads nowhere: ${link.hash}`);
    return [...silent, ...wrong, ...loose, ...missing, ...dead];
  }

  // What moves for somebody who asked for stillness.
  function moving() {
    const moves = all("*").flatMap((element) => ["", "::before", "::after"].map((part) => {
      const style = getComputedStyle(element, part);
      const still = style.animationName === "none" && style.transitionDuration.split(", ").every((t) => t === "0s");
      return still ? null : `${named(element)} ${part}`;
    }));
    const smooth = getComputedStyle(document.documentElement).scrollBehavior !== "auto";
    return [...moves.filter(Boolean), ...(smooth ? ["smooth scrolling"] : [])];
  }

  // What colours are judged by. Where it is as it was at another size, so is the judgement.
  function looks() {
    return new Map(all("body *").map((element) => {
      const { color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight } = getComputedStyle(element);
      const large = parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24);
      return [element, [shown(element), color, backgroundColor, backgroundImage, opacity, large].join()];
    }));
  }
  const remembered = new Map();
  function remember(name) { remembered.set(name, looks()); }
  function changed(name) {
    const before = remembered.get(name);
    return [...looks()].filter(([element, look]) => shown(element) && look !== before.get(element)).map(([element]) => element);
  }

  // What scrolls under a bar is not hidden by it: axe has no notion of scrolling.
  function unstick() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".bar, .shelves, .advance .button, .offline, .till-jump, .till-page .actions { position: static !important; }");
    document.adoptedStyleSheets.push(sheet);
  }
  function spaceOut() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
      word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets.push(sheet);
  }
  function asBefore() { document.adoptedStyleSheets.pop(); }
  function textSize(percent) { document.documentElement.style.fontSize = percent; }

  window.probes = {
    sideways, clipped, unfocusable, small, unexplained, moving, focusLost, remember, changed, unstick, spaceOut,
    asBefore, textSize, named,
  };
})();
