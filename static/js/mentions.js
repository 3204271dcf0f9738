/* Offers names while somebody writes "@" in a text field. Without this file one types the name.
 *
 *   textarea[data-mentions="ID"]  the field; ID is the list of people on the page
 *   #ID li[data-mention]          a person: data-mention is what goes behind the "@", data-name what is searched too
 *   #ID[data-found][data-label]   the words for screen readers
 *
 * The field keeps its focus and its own keys. While names are offered, Up and Down choose, Enter and Tab take one,
 * Escape closes.
 */
(function () {
  "use strict";

  var MOST = 8;
  var open = null; // { field, list, start, items, at, status }

  function plain(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/ø/g, "o").replace(/ł/g, "l").replace(/ß/g, "ss");
  }

  /* What stands between the last "@" and the caret, if a name may begin there. */
  function typed(field) {
    if (field.selectionStart !== field.selectionEnd) return null;
    var before = field.value.slice(0, field.selectionStart);
    var found = /(^|[\s(\[{"'*_~>,;:!?])@([^\n@]{0,40})$/.exec(before);
    return found ? { start: before.length - found[2].length - 1, text: found[2] } : null;
  }

  function matches(people, text) {
    var wanted = plain(text);
    return people.filter(function (person) {
      var name = plain(person.name);
      return (
        name.indexOf(wanted) === 0 ||
        plain(person.handle).indexOf(wanted) === 0 ||
        name.split(/[\s-]+/).some(function (word) {
          return wanted && word.indexOf(wanted) === 0;
        })
      );
    });
  }

  function close() {
    if (!open) return;
    open.field.removeAttribute("aria-activedescendant");
    open.field.removeAttribute("aria-controls");
    open.pop.remove();
    open = null;
  }

  function choose(at) {
    open.at = (at + open.items.length) % open.items.length;
    open.items.forEach(function (item, place) {
      item.node.setAttribute("aria-selected", String(place === open.at));
    });
    var node = open.items[open.at].node;
    open.field.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  }

  function take() {
    var field = open.field;
    var name = "@" + open.items[open.at].person.handle;
    var end = field.selectionStart;
    var rest = field.value.slice(end);
    var space = /^\s/.test(rest) ? "" : " ";
    field.setRangeText(name + space, open.start, end, "end");
    close();
    field.focus();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function status(field) {
    var node = document.getElementById(field.id + "-names-found");
    if (!node) {
      node = document.createElement("p");
      node.id = field.id + "-names-found";
      node.className = "visually-hidden";
      node.setAttribute("role", "status");
      field.after(node);
    }
    return node;
  }

  function offer(field) {
    var source = document.getElementById(field.dataset.mentions);
    var asked = source && typed(field);
    close();
    if (!asked) return;
    var people = Array.prototype.map.call(source.querySelectorAll("[data-mention]"), function (item) {
      return { handle: item.dataset.mention, name: item.dataset.name };
    });
    var found = matches(people, asked.text).slice(0, MOST);
    // A name that stands there whole asks for nothing more.
    if (!found.length || (found.length === 1 && plain(found[0].handle) === plain(asked.text.trim()))) return;
    var pop = document.createElement("div");
    var list = document.createElement("ul");
    pop.className = "talk-pop";
    list.className = "talk-list";
    list.id = field.id + "-names";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", source.dataset.label);
    var items = found.map(function (person, place) {
      var node = document.createElement("li");
      node.id = list.id + "-" + place;
      node.setAttribute("role", "option");
      node.textContent = person.handle === person.name ? person.name : person.name + " (" + person.handle + ")";
      node.addEventListener("mousedown", function (event) {
        event.preventDefault();
        choose(place);
        take();
      });
      list.append(node);
      return { node: node, person: person };
    });
    pop.append(list);
    field.after(pop);
    field.setAttribute("aria-controls", list.id);
    open = { field: field, pop: pop, start: asked.start, items: items, at: 0 };
    choose(0);
    status(field).textContent = found.length + " " + source.dataset.found;
  }

  function isField(node) {
    return node instanceof HTMLTextAreaElement && node.dataset.mentions;
  }

  document.addEventListener("focusin", function (event) {
    if (!isField(event.target)) return;
    event.target.setAttribute("aria-autocomplete", "list");
    event.target.setAttribute("aria-haspopup", "listbox");
    event.target.setAttribute("autocomplete", "off");
  });
  document.addEventListener("input", function (event) {
    if (isField(event.target)) offer(event.target);
  });
  document.addEventListener("focusout", function (event) {
    if (open && event.target === open.field) close();
  });
  document.addEventListener(
    "keydown",
    function (event) {
      if (!open || event.target !== open.field || event.isComposing) return;
      if (event.key === "ArrowDown") choose(open.at + 1);
      else if (event.key === "ArrowUp") choose(open.at - 1);
      else if (event.key === "Enter" || event.key === "Tab") take();
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true
  );
})();
