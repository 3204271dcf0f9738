/* Files that are added as evidence: dropped, pasted or chosen, sent in pieces that go on after a break.
 *
 *   form[data-evidence-form]   data-uploads: where a file begins; data-register: where to go once all are kept
 *   [data-drop]                takes files that are dropped on it
 *   [data-chosen]              the list of the files, each with how far it is
 *
 * Without this file the form sends its files as any form does.
 */
(function () {
  "use strict";

  var form = document.querySelector("form[data-evidence-form]");
  if (!form || !window.fetch || !window.FormData || !window.Blob) return;
  var drop = form.querySelector("[data-drop]");
  var list = form.querySelector("[data-chosen]");
  var texts = document.getElementById("ev-texts").dataset;
  var button = form.querySelector("button.btn-primary");
  var token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
  var files = [];
  var RETRIES = 5;

  var size = function (bytes) {
    if (bytes < 1024) return bytes + " B";
    if (bytes < 1048576) return Math.round(bytes / 1024) + " kB";
    return (bytes / 1048576).toFixed(1) + " MB";
  };

  var add = function (chosen) {
    Array.prototype.forEach.call(chosen, function (file) {
      var line = document.createElement("li");
      var name = document.createElement("b");
      var state = document.createElement("span");
      name.textContent = file.name + " ";
      state.textContent = size(file.size) + ", " + texts.waiting;
      line.appendChild(name);
      line.appendChild(state);
      list.appendChild(line);
      files.push({ file: file, state: state, done: false });
    });
  };

  Array.prototype.forEach.call(form.querySelectorAll("input[type=file]"), function (input) {
    input.addEventListener("change", function () {
      add(input.files);
      input.value = "";
    });
  });
  ["dragover", "dragenter"].forEach(function (name) {
    drop.addEventListener(name, function (event) {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  });
  drop.addEventListener("dragleave", function () {
    drop.classList.remove("is-over");
  });
  drop.addEventListener("drop", function (event) {
    event.preventDefault();
    drop.classList.remove("is-over");
    add(event.dataTransfer.files);
  });
  document.addEventListener("paste", function (event) {
    if (event.clipboardData && event.clipboardData.files.length) add(event.clipboardData.files);
  });

  var ask = function (url, options) {
    options.headers = Object.assign({ "X-CSRFToken": token, Accept: "application/json" }, options.headers || {});
    options.credentials = "same-origin";
    options.redirect = "manual";
    return fetch(url, options).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw { words: texts.signin };
      return answer
        .json()
        .catch(function () {
          return {};
        })
        .then(function (said) {
          return { status: answer.status, said: said };
        });
    });
  };
  var fields = function (entries) {
    var data = new FormData();
    entries.forEach(function (entry) {
      data.append(entry[0], entry[1]);
    });
    return data;
  };
  var mark = function (file) {
    return "evidence:" + form.dataset.uploads + ":" + file.name + ":" + file.size + ":" + file.lastModified;
  };
  var kept = function (key, value) {
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch (error) {
      /* Then a file that was cut off begins anew. */
    }
    return null;
  };

  var begin = function (entry) {
    var known = kept(mark(entry.file));
    var fresh = function () {
      return ask(form.dataset.uploads, {
        method: "POST",
        body: fields([["name", entry.file.name], ["size", entry.file.size]])
      }).then(function (answer) {
        if (answer.status !== 201) throw { words: answer.said.error || texts.lost };
        kept(mark(entry.file), answer.said.url);
        return answer.said;
      });
    };
    if (!known) return fresh();
    return ask(known, { method: "GET" }).then(function (answer) {
      return answer.status === 200 && answer.said.size === entry.file.size ? answer.said : fresh();
    });
  };

  var pieces = function (entry, state, tries) {
    if (state.received >= state.size) return Promise.resolve(state);
    var part = entry.file.slice(state.received, state.received + state.piece);
    entry.state.textContent = Math.floor((100 * state.received) / state.size) + "%";
    /* The connection broke, or the server is starting again: wait, ask how far it is, and go on there. */
    var later = function (error) {
      if (error.words || !tries) throw error;
      entry.state.textContent = texts.again;
      return new Promise(function (resolve) {
        setTimeout(resolve, 1500 * (RETRIES - tries + 1));
      })
        .then(function () {
          return ask(state.url, { method: "GET" });
        })
        .then(
          function (answer) {
            return pieces(entry, answer.status === 200 ? answer.said : state, tries - 1);
          },
          function () {
            return pieces(entry, state, tries - 1);
          }
        );
    };
    return ask(state.url, {
      method: "POST",
      body: part,
      headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(state.received) }
    }).then(function (answer) {
      if (answer.status === 200 || (answer.status === 409 && answer.said.url)) return pieces(entry, answer.said, RETRIES);
      if (answer.status >= 500 && answer.status !== 507) return later({});
      // Refused for good: the next try begins anew. A full disk is not that: what came in is kept.
      if (answer.status === 409 || answer.status === 422) kept(mark(entry.file), null);
      throw { words: answer.said.error || texts.lost };
    }, later);
  };

  var finish = function (entry, state) {
    var said = [];
    new FormData(form).forEach(function (value, name) {
      if (name !== "file" && name !== "url" && name !== "seen_note") said.push([name, value]);
    });
    // One title for several files would say of each what is true of one.
    if (files.length > 1) said = said.map(function (pair) { return pair[0] === "title" ? ["title", ""] : pair; });
    return ask(state.url + "done/", { method: "POST", body: fields(said) }).then(function (answer) {
      var said = answer.said;
      if (!said.state) throw { words: said.error || texts.lost };
      kept(mark(entry.file), null);
      entry.done = true;
      entry.url = said.url;
      entry.waits = said.state !== "kept";
      var words = { kept: texts.kept, checking: texts.checking, held: texts.held + " " + (said.twins || []).join(", ") };
      var link = document.createElement("a");
      link.href = said.url;
      link.textContent = said.key || (said.state === "held" ? texts.decide : entry.file.name);
      entry.state.textContent = words[said.state] + " ";
      entry.state.appendChild(link);
    });
  };

  var send = function (entry) {
    if (entry.done) return Promise.resolve();
    return begin(entry)
      .then(function (state) {
        return pieces(entry, state, RETRIES);
      })
      .then(function (state) {
        return finish(entry, state);
      })
      .catch(function (error) {
        entry.state.textContent = error.words || texts.lost;
        entry.state.classList.add("bad-text");
      });
  };

  form.addEventListener("submit", function (event) {
    if (!files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    button.disabled = true;
    files
      .reduce(function (before, entry) {
        return before.then(function () {
          return send(entry);
        });
      }, Promise.resolve())
      .then(function () {
        button.disabled = false;
        var open = files.filter(function (entry) {
          return !entry.done;
        });
        // What waits for a word, or for its check, has a page of its own.
        var asked = files.some(function (entry) { return entry.waits; }) ? "" : form.dataset.request;
        if (!open.length) window.location = asked || (files.length === 1 ? files[0].url : form.dataset.register);
      });
  }, true);
})();
