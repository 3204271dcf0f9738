/* What pages do beyond plain HTML. Every page works without this file; it only makes things quicker.
 *
 * Everything is driven by attributes:
 *
 *   data-search                the field that "/" focuses
 *   data-key="o"               a link that the keys "g" then "o" follow
 *   data-help                  opens the dialog of shortcuts (so does "?")
 *   data-dialog="ID"           opens the <dialog id="ID">
 *   data-keys-toggle           check box that turns the single-key shortcuts off and on
 *   data-theme="auto|light|dark"  sets the theme and remembers it
 *
 *   data-press="j"             what this key presses: a button, link or choice; a text field gets the focus
 *                              instead, and Escape leaves it again (any field, inside data-press-form)
 *   data-row                   a row of a list; "j" and "k" move along them
 *   data-row-link              the row's main link, which gets the focus (else the first link)
 *   data-status-menu           the row's control that opens the status menu ("s"), a <summary>, link or button
 *   data-menu-key="1"          a choice of an open menu that the key "1" presses
 *   input[name=row]            the row's check box ("x"; shift-click takes all between)
 *   data-select-all            the box that checks all rows of its table
 *   data-bulk-bar              shown while rows are checked; data-bulk-count gets their number,
 *                              data-bulk-clear unchecks all
 *   data-group-toggle="KEY"    button (aria-expanded) that folds the rows of its <tbody>; remembered for the visit
 *
 *   details.menu               closes on Escape, on a click outside and when another opens
 *   details.menu[data-load]    on its first opening, asks htmx for the content (trigger "menu-open" on .menu-pop)
 *   .menu-pop[data-float]      a menu that was swapped into a page: closes on Escape and on a click outside
 *   #drawer, data-drawer-close the drawer and what closes it; Escape closes it too and gives the focus back
 *   data-drawer-url            on a page whose drawer is open: the address without it
 *   data-autosubmit            a field whose change sends its form (a form without script has a button .no-js)
 *   data-multi                 a form whose buttons stay enabled after it was sent
 *   data-print                 prints the page
 *   data-message-place         what went wrong with a request of this part stands in its [data-messages], beside it
 *   data-keep                  a form that is saved field by field, with what each last said in was_NAME: the browser
 *                              asks before somebody leaves the page while a field is not saved (except by data-leaves)
 *   data-quiet                 asks again and again by itself: when that fails once, nothing is said
 *   data-dismiss               closes the message it stands in
 *   data-select                a field that is chosen whole when it gets the focus
 *   data-copy="ID"             copies the value of a field; [data-copy-word] then says data-copied
 *
 * htmx: answers 409, 422 and 428 are swapped into their target (see htmx-config in base.html); other errors and a
 * lost connection show a message, in #messages or beside what asked, with the texts of #js-texts.
 */
(function () {
  "use strict";

  var all = function (selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  };
  var one = function (selector, root) {
    return (root || document).querySelector(selector);
  };
  var remember = function (store, key, value) {
    try {
      if (value === undefined) return store.getItem(key);
      if (value === null) store.removeItem(key);
      else store.setItem(key, value);
    } catch (error) {
      /* Storage may be forbidden; then nothing is remembered. */
    }
    return null;
  };

  /* ---------- messages ---------- */
  function say(kind, near) {
    var texts = document.getElementById("js-texts");
    var template = document.getElementById("js-message");
    var place = near && near.closest && near.closest("[data-message-place]");
    var region = (place && one("[data-messages]", place)) || document.getElementById("messages");
    if (!texts || !template || !region) return;
    var node = template.content.firstElementChild.cloneNode(true);
    one("p", node).textContent = texts.dataset[kind] || texts.dataset.error;
    region.replaceChildren(node);
    region.scrollIntoView({ block: "nearest" });
  }

  /* ---------- copying ---------- */
  function copyFrom(button) {
    var field = document.getElementById(button.dataset.copy);
    var word = one("[data-copy-word]", button);
    if (!field) return;
    field.focus();
    field.select();
    var done = function () {
      if (word) word.textContent = button.dataset.copied;
    };
    // Outside https there is no clipboard; the older way still works.
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, function () {});
    else if (document.execCommand("copy")) done();
  }
  document.addEventListener("focusin", function (event) {
    if (event.target.matches && event.target.matches("input[data-select]")) event.target.select();
  });

  /* ---------- theme ---------- */
  function showTheme() {
    var chosen = remember(localStorage, "theme") || "auto";
    all("[data-theme]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.theme === chosen));
    });
  }
  function setTheme(theme) {
    var root = document.documentElement;
    if (theme === "auto") root.removeAttribute("data-bs-theme");
    else root.setAttribute("data-bs-theme", theme);
    remember(localStorage, "theme", theme === "auto" ? null : theme);
    showTheme();
  }

  /* ---------- rows ---------- */
  function rows() {
    return all("[data-row]").filter(function (row) {
      return row.getClientRects().length > 0;
    });
  }
  function currentRow() {
    return document.activeElement ? document.activeElement.closest("[data-row]") : null;
  }
  function focusRow(row) {
    var link = one("[data-row-link]", row) || one("a", row);
    if (!link) return;
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
  function moveRow(step) {
    var list = rows();
    if (!list.length) return;
    var at = list.indexOf(currentRow());
    var next = at < 0 ? (step > 0 ? 0 : list.length - 1) : at + step;
    if (list[next]) focusRow(list[next]);
  }

  /* ---------- selection and the bulk bar ---------- */
  var lastBox = null;
  function boxes() {
    return all("input[name=row]");
  }
  function showSelection() {
    var list = boxes();
    var checked = list.filter(function (box) {
      return box.checked;
    });
    list.forEach(function (box) {
      var row = box.closest("[data-row]");
      if (row) row.classList.toggle("is-sel", box.checked);
    });
    all("[data-bulk-bar]").forEach(function (bar) {
      bar.classList.toggle("is-on", checked.length > 0);
    });
    all("[data-bulk-count]").forEach(function (place) {
      place.textContent = String(checked.length);
    });
    all("[data-select-all]").forEach(function (box) {
      box.checked = list.length > 0 && checked.length === list.length;
      box.indeterminate = checked.length > 0 && checked.length < list.length;
    });
  }
  function checkRange(from, to) {
    var list = boxes().filter(function (box) {
      return box.getClientRects().length > 0;
    });
    var a = list.indexOf(from);
    var b = list.indexOf(to);
    if (a < 0 || b < 0) return;
    list.slice(Math.min(a, b), Math.max(a, b) + 1).forEach(function (box) {
      box.checked = to.checked;
    });
  }

  /* ---------- folding of groups ---------- */
  function fold(button, open) {
    button.setAttribute("aria-expanded", String(open));
    var body = button.closest("tbody");
    if (!body) return;
    body.classList.toggle("is-folded", !open);
    all("[data-row]", body).forEach(function (row) {
      row.hidden = !open;
    });
  }
  function foldKey(button) {
    return "fold:" + location.pathname + ":" + button.dataset.groupToggle;
  }
  function restoreFolds(root) {
    all("[data-group-toggle]", root).forEach(function (button) {
      if (remember(sessionStorage, foldKey(button))) fold(button, false);
    });
  }

  /* ---------- menus, drawer, dialogs ---------- */
  function closeMenus(except) {
    var closed = null;
    all("details.menu[open]").forEach(function (menu) {
      if (menu === except || (except && menu.contains(except))) return;
      menu.open = false;
      closed = closed || one("summary", menu);
    });
    all(".menu-pop[data-float]").forEach(function (menu) {
      if (except && menu.contains(except)) return;
      var row = menu.closest("[data-row]");
      closed = closed || (row && one("[data-status-menu]", row));
      menu.remove();
    });
    return closed;
  }
  function showFloat(menu) {
    var first = one("button:not(:disabled), a, select, input:not([type=hidden])", menu);
    if (first) first.focus({ preventScroll: true });
    menu.scrollIntoView({ block: "nearest" });
  }
  var drawerOpener = null;
  function closeDrawer() {
    var drawer = document.getElementById("drawer");
    if (!drawer || !drawer.firstElementChild) return false;
    var address = drawer.dataset.drawerUrl;
    drawer.replaceChildren();
    all("[data-row].is-open").forEach(function (row) {
      row.classList.remove("is-open");
    });
    if (address) history.replaceState(null, "", address);
    if (drawerOpener && document.contains(drawerOpener)) drawerOpener.focus();
    drawerOpener = null;
    return true;
  }
  function openDialog(id) {
    var dialog = document.getElementById(id);
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }

  /* ---------- keys ---------- */
  var waitingForG = 0;
  function isTyping(target) {
    if (target.isContentEditable) return true;
    if (target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
    return target.tagName === "INPUT" && !/^(checkbox|radio|button|submit|reset)$/.test(target.type);
  }
  function keysAreOn() {
    return remember(localStorage, "keys") !== "off";
  }
  function press(key) {
    var control = all('[data-press="' + CSS.escape(key) + '"]:not(:disabled)').filter(function (one) {
      return one.getClientRects().length > 0;
    })[0];
    if (!control) return false;
    control.focus();
    if (!isTyping(control)) control.click();
    return true;
  }
  function openMenu() {
    return one("details.menu[open] .menu-pop, .menu-pop[data-float]");
  }
  function onKey(event) {
    if (event.key === "Escape") return onEscape(event);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || !keysAreOn() || one("dialog[open]")) return;
    var key = event.key;
    var row;
    var control;
    if (waitingForG && Date.now() - waitingForG < 1500) {
      waitingForG = 0;
      var link = one('a[data-key="' + CSS.escape(key.toLowerCase()) + '"]');
      if (link) {
        event.preventDefault();
        location.assign(link.href);
      }
      return;
    }
    if (!openMenu() && press(key)) {
      /* Done. */
    } else if (/^[1-9]$/.test(key)) {
      var menu = openMenu();
      var choice = menu && one('[data-menu-key="' + key + '"]:not(:disabled):not([aria-disabled="true"])', menu);
      if (choice) choice.click();
    } else if (key === "g") {
      waitingForG = Date.now();
      return;
    } else if (key === "?") {
      openDialog("shortcuts");
    } else if (key === "/") {
      var search = one("[data-search]");
      if (!search) return;
      search.focus();
      search.select();
    } else if (key === "j" || key === "k") {
      moveRow(key === "j" ? 1 : -1);
    } else if (key === "x") {
      row = currentRow();
      control = row && one("input[name=row]", row);
      if (!control) return;
      control.checked = !control.checked;
      lastBox = control;
      showSelection();
    } else if (key === "s") {
      row = currentRow();
      control = row && one("[data-status-menu]", row);
      if (!control) return;
      control.focus();
      control.click();
    } else {
      return;
    }
    event.preventDefault();
  }
  function onEscape(event) {
    if (one("dialog[open]")) return;
    if (openMenu()) {
      var opener = closeMenus(null);
      if (opener) opener.focus();
      event.preventDefault();
    } else if (isTyping(event.target) && event.target.matches("[data-press], [data-press-form] *")) {
      event.target.blur();
    } else if (location.hash === "#nav") {
      location.hash = "#main";
    } else {
      closeDrawer();
    }
  }

  /* ---------- forms ---------- */
  function release(form) {
    delete form.dataset.sent;
    all("[data-held]", form).forEach(function (button) {
      button.disabled = false;
      delete button.dataset.held;
    });
  }
  function onSubmit(event) {
    var form = event.target;
    if (form.method !== "post" || "multi" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "1";
    /* After this turn, so that the pressed button's own value is still sent. */
    setTimeout(function () {
      Array.prototype.forEach.call(form.elements, function (control) {
        if (control.type === "submit" && !control.disabled) {
          control.disabled = true;
          control.dataset.held = "1";
        }
      });
    }, 0);
  }

  /* What a form saves while it is filled in: whether a field says something else than what was saved last. */
  function isUnsaved(form) {
    if ("left" in form.dataset) return false;
    var now = new FormData(form);
    return all('input[name^="was_"]', form).some(function (was) {
      var said = now.getAll(was.name.slice(4)).join(",");
      return said.replace(/\r\n/g, "\n").trim() !== was.value.replace(/\r\n/g, "\n").trim();
    });
  }

  /* ---------- events ---------- */
  window.addEventListener("beforeunload", function (event) {
    if (all("form[data-keep]").some(isUnsaved)) event.preventDefault();
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("submit", onSubmit, true);
  window.addEventListener("pageshow", function () {
    all("form[data-sent]").forEach(release);
    showSelection();
  });

  document.addEventListener("click", function (event) {
    var target = event.target;
    if (!(target instanceof Element)) return;
    closeMenus(target);
    var hit = function (selector) {
      return target.closest(selector);
    };
    var found;
    if ((found = hit("button[data-theme]"))) setTheme(found.dataset.theme);
    else if (hit("[data-help]")) openDialog("shortcuts");
    else if ((found = hit("[data-dialog]"))) {
      event.preventDefault();
      openDialog(found.dataset.dialog);
    } else if (hit("[data-print]")) window.print();
    else if ((found = hit("[data-copy]"))) copyFrom(found);
    else if ((found = hit("[data-dismiss]"))) found.closest("[data-message]").remove();
    else if (hit("[data-drawer-close]")) {
      if (closeDrawer()) event.preventDefault();
    } else if (hit("[data-bulk-clear]")) {
      boxes().forEach(function (box) {
        box.checked = false;
      });
      showSelection();
    } else if ((found = hit("[data-group-toggle]"))) {
      var open = found.getAttribute("aria-expanded") !== "true";
      fold(found, open);
      remember(sessionStorage, foldKey(found), open ? null : "1");
    } else if ((found = hit("input[name=row]"))) {
      if (event.shiftKey && lastBox) checkRange(lastBox, found);
      lastBox = found;
      showSelection();
    } else if (hit("dialog") === target && target.tagName === "DIALOG") target.close();
  });

  document.addEventListener("change", function (event) {
    var target = event.target;
    if (target.matches("[data-select-all]")) {
      boxes().forEach(function (box) {
        if (box.getClientRects().length > 0) box.checked = target.checked;
      });
      showSelection();
    } else if (target.matches("input[name=row]")) showSelection();
    else if (target.matches("[data-keys-toggle]")) remember(localStorage, "keys", target.checked ? null : "off");
    else if (target.matches("[data-autosubmit]") && target.form) target.form.requestSubmit();
  });

  document.addEventListener(
    "toggle",
    function (event) {
      var menu = event.target;
      if (!(menu instanceof HTMLDetailsElement) || !menu.matches("details.menu")) return;
      if (!menu.open) return;
      one(".menu-pop", menu).scrollIntoView({ block: "nearest" });
      if ("load" in menu.dataset && window.htmx) {
        window.htmx.trigger(one(".menu-pop", menu), "menu-open");
        delete menu.dataset.load;
      }
    },
    true
  );

  /* ---------- htmx ---------- */
  document.addEventListener("htmx:beforeSwap", function (event) {
    var texts = document.getElementById("js-texts");
    var login = texts && texts.dataset.login;
    var answered = event.detail.xhr.responseURL;
    if (login && answered && new URL(answered).pathname === login && location.pathname !== login) {
      event.detail.shouldSwap = false;
      say("signin", event.detail.elt);
    }
  });
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    var form = event.detail.elt.closest("form[data-keep]");
    if (form && event.detail.xhr.getResponseHeader("HX-Redirect")) form.dataset.left = "1";
  });
  document.addEventListener("htmx:sendError", function (event) {
    if ("quiet" in event.detail.elt.dataset) return;
    say("network", event.detail.elt);
  });
  document.addEventListener("htmx:timeout", function (event) {
    say("timeout", event.detail.elt);
  });
  document.addEventListener("htmx:responseError", function (event) {
    if ("quiet" in event.detail.elt.dataset) return;
    var kinds = { 403: "forbidden", 404: "gone", 410: "gone", 429: "busy" };
    say(kinds[event.detail.xhr.status] || "error", event.detail.elt);
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    var target = event.detail.target;
    if (target && target.id === "drawer") {
      drawerOpener = event.detail.elt;
      all("[data-row].is-open").forEach(function (row) {
        row.classList.remove("is-open");
      });
      var row = event.detail.elt.closest("[data-row]");
      if (row) row.classList.add("is-open");
    }
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt.closest("form");
    if (form) release(form);
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    var target = event.detail.target;
    restoreFolds(document);
    showSelection();
    if (target && target.id === "drawer") {
      var title = one("[data-drawer-title]", target) || one("h2", target);
      if (title) {
        title.setAttribute("tabindex", "-1");
        title.focus({ preventScroll: true });
      }
    }
    var float = target && one(".menu-pop[data-float]", target);
    if (float) showFloat(float);
  });

  /* ---------- start ---------- */
  function start() {
    showTheme();
    restoreFolds(document);
    showSelection();
    all("[data-keys-toggle]").forEach(function (box) {
      box.checked = keysAreOn();
    });
    // On a narrow screen the tab of this page may stand beyond the edge of its row.
    all(".views a[aria-current]").forEach(function (tab) {
      var row = tab.closest(".views");
      row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
    });
    var summary = one("[data-error-summary]");
    if (summary) summary.focus();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
