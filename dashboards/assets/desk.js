// The evaluator's desk in the browser: one key an answer, everything saved at once, and deeds that say why not.
(function () {
    "use strict";

    const RETRY_MS = 3000;
    const TYPING_MS = 600;
    let timer = null;
    let sending = false;
    let again = false;

    function cookie(name) {
        const found = document.cookie.split("; ").find(function (one) { return one.startsWith(name + "="); });
        return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
    }

    function post(deed, body, leaving) {
        return window.fetch("/desk/" + deed, {
            method: "POST",
            keepalive: Boolean(leaving),
            headers: {"Content-Type": "application/json", "X-CSRFToken": cookie("_csrf_token")},
            body: JSON.stringify(body)
        });
    }

    // what was answered, whatever it is: words for people where the server could give none
    function told(answer) {
        return answer.json().catch(function () {
            return {words: word("not_taken", {status: answer.status})};
        });
    }

    function word(name, parts) { return window.fairline.word(name, parts); }

    function go(address) {
        if (address === window.location.pathname + window.location.search) {
            window.location.reload();
        } else {
            window.location.assign(address);
        }
    }

    // ---- the form of an evaluation ----

    function sheet() { return document.getElementById("sheet"); }
    function items(all) {
        return Array.from(sheet().querySelectorAll(".item")).filter(function (one) { return all || !one.hidden; });
    }
    function options(item) { return Array.from(item.querySelectorAll("button[data-said]")); }
    function chosen(item) {
        return options(item).find(function (one) { return one.getAttribute("aria-checked") === "true"; });
    }
    function input(item) { return item.querySelector("textarea, input"); }

    function answerOf(item) {
        const name = item.dataset.item;
        const button = chosen(item);
        if (button) {
            return Object.assign({item: name}, JSON.parse(button.dataset.said));
        }
        const typed = input(item) ? input(item).value.trim() : "";
        if (typed === "") {
            return null;
        }
        return item.dataset.kind === "text" ? {item: name, value: typed} : {item: name, points: Number(typed.replace(",", "."))};
    }

    function answers() { return items().map(answerOf).filter(Boolean); }

    function wordOf(item) {
        const answer = answerOf(item);
        return !answer || answer.is_na ? null : answer.value !== undefined ? answer.value : String(answer.points);
    }

    // an item is asked only after certain answers above it; one that is not asked has no answer
    function showWhatIsAsked() {
        items(true).forEach(function (item) {
            if (!item.dataset.shownBy) {
                return;
            }
            const asker = document.getElementById("item-" + item.dataset.shownBy);
            const word = asker && !asker.hidden ? wordOf(asker) : null;
            const isShown = word !== null && JSON.parse(item.dataset.shownFor).includes(word);
            if (!isShown) {
                options(item).forEach(function (one) { one.setAttribute("aria-checked", "false"); });
            }
            item.hidden = !isShown;
        });
    }

    function choose(button) {
        const item = button.closest(".item");
        const isOn = button.getAttribute("role") === "checkbox" && button.getAttribute("aria-checked") === "true";
        options(item).forEach(function (one) {
            one.setAttribute("aria-checked", String(one === button && !isOn));
            if (one.getAttribute("role") === "radio") {
                one.tabIndex = one === button ? 0 : -1;
            }
        });
        if (input(item) && button.dataset.key === "n") {
            input(item).value = "";
        }
        item.classList.remove("open");
        showWhatIsAsked();
        changed(0);
    }

    function focusOn(item, stays) {
        const stop = chosen(item) || options(item).find(function (one) { return one.tabIndex === 0; });
        const target = input(item) && !chosen(item) ? input(item) : stop || input(item);
        if (target) {
            target.focus({preventScroll: Boolean(stays)});
            if (!stays) {
                item.scrollIntoView({block: "nearest"});
            }
        }
    }

    function step(item, by) {
        const shown = items();
        const next = shown[shown.indexOf(item) + by];
        if (next) {
            focusOn(next);
        } else if (by > 0) {
            const last = document.querySelector("#comment textarea");
            if (last) {
                last.focus();
            }
        }
    }

    // ---- keys: they answer wherever the page has the focus, but where somebody types or presses something else ----

    const OFF = "fairline keys off";
    let here = null;

    function keysAreOn() { return window.localStorage.getItem(OFF) === null; }

    function showKeys() {
        const control = document.getElementById("keys-on");
        if (control) {
            control.setAttribute("aria-checked", String(keysAreOn()));
            sheet().classList.toggle("takes-keys", keysAreOn());
        }
    }

    function firstOpen() {
        const shown = items();
        return shown.find(function (one) { return !answerOf(one); }) || shown[0];
    }

    // the item that a key answers: the one in focus, else the one that was, else the first without an answer
    function itemOf(target) {
        const own = target.closest(".item");
        const isElsewhere = target.closest("a, button, input, select, textarea, summary, [contenteditable]");
        if (own || isElsewhere || !keysAreOn() || !document.getElementById("keys-on")) {
            return own;
        }
        return here && here.isConnected && !here.hidden ? here : firstOpen();
    }

    function point(item) {
        here = item;
        items(true).forEach(function (one) { one.classList.toggle("here", one === item); });
    }

    // as soon as the form is there its first open item is where one is, with nothing scrolled away
    function begin() {
        if (!document.getElementById("keys-on")) {
            return;
        }
        showKeys();
        const item = firstOpen();
        if (item && keysAreOn()) {
            point(item);
            focusOn(item, true);
        }
    }

    function onKey(event) {
        const item = itemOf(event.target);
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && document.getElementById("submit")) {
            event.preventDefault();
            submit();
            return;
        }
        if (!item || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, input")) {
            return;
        }
        const key = event.key.toLowerCase();
        const button = options(item).find(function (one) { return one.dataset.key === key; });
        const along = {arrowdown: 1, j: 1, arrowup: -1, k: -1}[key];
        const beside = {arrowright: 1, arrowleft: -1}[key];
        if (!event.target.closest(".item") && key.startsWith("arrow")) {
            return;  // where no item has the focus the arrows scroll, as on every page
        }
        if (button) {
            choose(button);
            step(item, 1);
        } else if (along) {
            step(item, along);
        } else if (beside) {
            const row = options(item);
            const next = row[(row.indexOf(event.target) + beside + row.length) % row.length];
            next.focus();
            if (next.getAttribute("role") === "radio") {
                choose(next);
            }
        } else {
            return;
        }
        event.preventDefault();
    }

    // ---- saving ----

    function comment() {
        const area = document.querySelector("#comment textarea");
        return area ? area.value : "";
    }

    function body() {
        const data = sheet().dataset;
        return {
            evaluation: data.evaluation, revision: Number(data.revision), answers: answers(), comment: comment()
        };
    }

    function unsent() { return "fairline unsent " + sheet().dataset.evaluation; }

    function say(words, isBad) {
        const place = document.getElementById("saved");
        place.textContent = words;
        place.classList.toggle("attention", Boolean(isBad));
    }

    function refuse(words) { document.getElementById("refused").textContent = words; }

    function changed(wait) {
        if (!sheet() || !sheet().dataset.evaluation) {
            return;
        }
        // until the server has it, this browser does
        window.localStorage.setItem(unsent(), JSON.stringify(body()));
        refuse("");
        say(word("saving"));
        window.clearTimeout(timer);
        timer = window.setTimeout(save, wait);
    }

    // one save after the other: each names the revision that the one before it gave
    function save() {
        window.clearTimeout(timer);
        timer = null;
        if (!sheet() || !sheet().dataset.evaluation) {
            return Promise.resolve(false);
        }
        if (sending) {
            again = true;
            return Promise.resolve(false);
        }
        const form = sheet();
        const name = unsent();
        sending = true;
        again = false;
        window.localStorage.setItem(name, JSON.stringify(body()));
        return post("save", body()).then(function (answer) {
            return told(answer).then(function (found) {
                sending = false;
                if (!answer.ok) {
                    say(word("not_saved"), true);
                    refuse(found.words);
                    return false;
                }
                form.dataset.revision = found.revision;
                if (again) {
                    return save();
                }
                if (timer !== null) {
                    // something was typed meanwhile, and its own save comes in a moment
                    window.localStorage.setItem(name, JSON.stringify(body()));
                    return true;
                }
                window.localStorage.removeItem(name);
                say(word("saved", {at: found.at}));
                return true;
            });
        }, function () {
            sending = false;
            say(word("kept_here"), true);
            timer = window.setTimeout(save, RETRY_MS);
            return false;
        });
    }

    function submit() {
        const button = document.getElementById("submit");
        if (button.disabled) {
            return;
        }
        if (sending) {
            window.setTimeout(submit, 100);
            return;
        }
        window.clearTimeout(timer);
        timer = null;
        button.disabled = true;
        const name = unsent();
        window.localStorage.setItem(name, JSON.stringify(body()));
        post("submit", body()).then(function (answer) {
            return told(answer).then(function (found) {
                button.disabled = false;
                if (answer.ok) {
                    window.localStorage.removeItem(name);
                    go(found.to);
                    return;
                }
                refuse(found.words);
                if (found.revision !== undefined) {
                    sheet().dataset.revision = found.revision;
                    window.localStorage.removeItem(name);
                    say(word("saved_only"));
                }
                (found.items || []).forEach(function (one) {
                    document.getElementById("item-" + one).classList.add("open");
                });
                if (found.items && found.items.length) {
                    focusOn(document.getElementById("item-" + found.items[0]));
                }
            });
        }, function () {
            button.disabled = false;
            say(word("not_submitted"), true);
        });
    }

    // what a browser kept when it went down before the server had it
    function restore() {
        const kept = sheet() && sheet().dataset.evaluation && window.localStorage.getItem(unsent());
        if (!kept) {
            return;
        }
        const unsaved = JSON.parse(kept);
        if (unsaved.revision !== Number(sheet().dataset.revision)) {
            window.localStorage.removeItem(unsent());
            return;
        }
        post("save", unsaved).then(function (answer) {
            if (answer.ok) {
                window.localStorage.removeItem(unsent());
                window.location.reload();
            }
        }, function () {
            say(word("not_sent"), true);
        });
    }

    // ---- deeds: release, dispute, notes and the rest ----

    function fields(form) {
        const found = {};
        new FormData(form).forEach(function (value, name) {
            found[name] = name in found ? [].concat(found[name], value) : value;
        });
        if (form.querySelector("[name=answers]")) {
            found.answers = answers();
        }
        return found;
    }

    function doDeed(form) {
        const place = form.querySelector(".refusal");
        const button = form.querySelector("button[type=submit]");
        if (button.disabled) {
            return;
        }
        button.disabled = true;
        place.textContent = "";
        post(form.getAttribute("action").split("/").pop(), fields(form)).then(function (answer) {
            return told(answer).then(function (found) {
                button.disabled = false;
                if (answer.ok) {
                    go(found.to);
                } else {
                    place.textContent = found.words;
                }
            });
        }, function () {
            button.disabled = false;
            place.textContent = word("no_answer");
        });
    }

    document.addEventListener("submit", function (event) {
        if (event.target.classList.contains("deed")) {
            event.preventDefault();
            doDeed(event.target);
        }
    });
    document.addEventListener("click", function (event) {
        const button = event.target.closest("button");
        if (button && button.id === "keys-on") {
            if (keysAreOn()) {
                window.localStorage.setItem(OFF, "off");
            } else {
                window.localStorage.removeItem(OFF);
            }
            showKeys();
        } else if (button && button.dataset.said && button.closest("#sheet")) {
            choose(button);
        } else if (button && button.id === "submit") {
            submit();
        }
    });
    document.addEventListener("keydown", function (event) {
        if (sheet()) {
            onKey(event);
        }
    });
    document.addEventListener("input", function (event) {
        const item = sheet() && event.target.closest(".item");
        if (item) {
            options(item).forEach(function (one) { one.setAttribute("aria-checked", "false"); });
            item.classList.remove("open");
            showWhatIsAsked();
        }
        if (item || event.target.closest("#comment")) {
            changed(TYPING_MS);
        }
    });
    // whoever leaves a field may leave the page next
    document.addEventListener("focusout", function (event) {
        if (timer !== null && sheet() && event.target.matches("textarea, input")) {
            save();
        }
    });
    window.addEventListener("pagehide", function () {
        if (sheet() && sheet().dataset.evaluation && window.localStorage.getItem(unsent()) && !sending) {
            post("save", body(), true);
        }
    });
    document.addEventListener("focusin", function (event) {
        const item = sheet() && event.target.closest(".item");
        if (item) {
            point(item);
        }
    });
    document.addEventListener("fairline-arrived", function () {
        if (sheet()) {
            begin();
        }
        restore();
    });
})();
