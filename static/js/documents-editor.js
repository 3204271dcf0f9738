/* The editor of a document: a toolbar that writes Markdown, and a draft that is kept while one writes.
 *
 *   form[data-doc-editor]      data-most: how many characters a draft takes; further data-*: the words it shows
 *   [data-doc-state]           where it says whether the text is kept
 *   [data-wrap], [data-end]    put around what is chosen
 *   [data-line]                put before each line that is chosen
 *   [data-insert][data-block]  put in, as a block of its own
 *   [data-field]               a list of places to put in
 *
 * Each time the text was kept, the form hears "doc-saved", which draws the preview anew. Without this file the form
 * saves and previews as any form does.
 */
(function () {
  "use strict";

  var form = document.querySelector("form[data-doc-editor]");
  if (!form || !window.fetch || !window.FormData) return;
  var text = form.querySelector("textarea[name=body]");
  var version = form.querySelector("input[name=version]");
  var state = form.querySelector("[data-doc-state]");
  var words = form.dataset;
  var PAUSE = 2000;
  var LONGEST_WAIT = 60000;
  var kept = text.value;
  var timer = 0;
  var busy = false;
  var leaving = false;
  var stopped = !!form.querySelector(".conflict, #body-error");
  var wait = PAUSE;

  var say = function (said, bad) {
    state.textContent = said;
    state.classList.toggle("is-bad", !!bad);
  };
  var later = function (delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };

  var save = function () {
    if (busy || stopped || leaving || text.value === kept) return;
    if (text.value.length > Number(words.most)) {
      say(words.long.replace("%s", String(text.value.length)), true);
      return;
    }
    var sent = text.value;
    var data = new FormData(form);
    data.set("do", "autosave");
    busy = true;
    say(words.saving);
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" } })
      .then(function (answer) {
        if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return { stop: words.session, again: true };
        if (answer.status >= 500) return Promise.reject(new Error("server"));
        return answer.json().then(
          function (said) {
            return answer.status === 200 ? said : { stop: said.error || words.failed };
          },
          function () {
            return { stop: words.failed };
          }
        );
      })
      .then(
        function (said) {
          busy = false;
          if (said.stop) {
            say(said.stop, true);
            // What a person has to look at is not tried again by itself; a new sign-in is.
            stopped = !said.again;
            if (said.again) later(LONGEST_WAIT);
            return;
          }
          version.value = said.version;
          kept = sent;
          wait = PAUSE;
          if (text.value === kept) {
            say(words.saved.replace("%s", said.saved));
            form.dispatchEvent(new CustomEvent("doc-saved"));
          } else {
            say(words.unsaved);
            later(PAUSE);
          }
        },
        function () {
          busy = false;
          say(words.offline, true);
          later(wait);
          wait = Math.min(wait * 2, LONGEST_WAIT);
        }
      );
  };

  text.addEventListener("input", function () {
    if (text.value === kept) return;
    if (text.value.length > Number(words.most)) {
      say(words.long.replace("%s", String(text.value.length)), true);
      return;
    }
    if (!busy) say(words.unsaved);
    later(PAUSE);
  });
  window.addEventListener("online", function () {
    later(0);
  });
  form.addEventListener("submit", function (event) {
    if (text.value.length > Number(words.most)) {
      // The server would refuse it, and so long a text may not come back: it stays here.
      event.preventDefault();
      say(words.long.replace("%s", String(text.value.length)), true);
      return;
    }
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", function () {
    leaving = false;
  });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && text.value !== kept) event.preventDefault();
  });

  /* ---------- Toolbar ---------- */
  var put = function (from, to, what, caret) {
    text.focus();
    text.setSelectionRange(from, to);
    // The old command alone lets the browser undo it.
    if (!document.execCommand || !document.execCommand("insertText", false, what)) {
      text.setRangeText(what, from, to, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (caret) text.setSelectionRange(from + caret[0], from + caret[1]);
  };
  var wrap = function (before, after) {
    var from = text.selectionStart;
    var chosen = text.value.slice(from, text.selectionEnd);
    put(from, text.selectionEnd, before + chosen + after, [before.length, before.length + chosen.length]);
  };
  var prefix = function (sign) {
    var from = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
    var to = text.selectionEnd;
    var place = 0;
    var lines = text.value.slice(from, to).split("\n").map(function (line) {
      place += 1;
      return (sign === "1. " ? place + ". " : sign) + line.replace(/^(#{1,4} |- |\d+\. )/, "");
    });
    put(from, to, lines.join("\n"));
  };
  var insert = function (what, block) {
    var at = text.selectionEnd;
    var edge = block && at && text.value.slice(0, at).slice(-2) !== "\n\n" ? (text.value[at - 1] === "\n" ? "\n" : "\n\n") : "";
    put(at, at, edge + what + (block ? "\n" : ""));
  };

  form.querySelectorAll("[data-wrap]").forEach(function (button) {
    button.addEventListener("click", function () {
      wrap(button.dataset.wrap, button.dataset.end || button.dataset.wrap);
    });
  });
  form.querySelectorAll("[data-line]").forEach(function (button) {
    button.addEventListener("click", function () {
      prefix(button.dataset.line);
    });
  });
  form.querySelectorAll("[data-insert]").forEach(function (button) {
    button.addEventListener("click", function () {
      insert(button.dataset.insert, "block" in button.dataset);
    });
  });
  form.querySelectorAll("[data-field]").forEach(function (list) {
    list.addEventListener("change", function () {
      if (list.value) insert(list.value, false);
      list.value = "";
    });
  });
  text.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    var key = event.key.toLowerCase();
    if (key === "b" || key === "i") {
      event.preventDefault();
      wrap(key === "b" ? "**" : "*", key === "b" ? "**" : "*");
    } else if (key === "s") {
      event.preventDefault();
      stopped = false;
      save();
    }
  });
})();
