// What a browser does for a page: move the focus to what has arrived, name the tab, follow a click on a chart.
(function () {
    "use strict";

    // a session that has ended leads to signing in again, and from there back to this page
    const ask = window.fetch;
    window.fetch = function () {
        return ask.apply(window, arguments).then(function (answer) {
            if (answer.status === 401) {
                const here = window.location.pathname + window.location.search;
                window.location.assign("/sign-in?next=" + encodeURIComponent(here));
            }
            return answer;
        });
    };

    // what a script says, in the language of the page: braces are filled with what `parts` holds
    function word(name, parts) {
        const page = document.querySelector(".page");
        const words = page && page.dataset.words ? JSON.parse(page.dataset.words) : {};
        return (words[name] || name).replace(/\{(\w+)\}/g, function (whole, part) {
            return parts && part in parts ? String(parts[part]) : whole;
        });
    }
    function visit(address) {
        window.history.pushState({}, "", address);
        window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
        window.scrollTo(0, 0);
    }
    window.fairline = {word: word, visit: visit};

    // a form whose address is the view: its fields become the query, empty ones are left out
    function address(form) {
        const query = new URLSearchParams();
        new FormData(form).forEach(function (value, name) {
            if (value !== "") {
                query.append(name, value);
            }
        });
        return form.getAttribute("action") + "?" + query.toString();
    }

    document.addEventListener("submit", function (event) {
        if (event.target.id === "filters") {
            event.preventDefault();
            visit(address(event.target));
        }
    });

    // chosen with a pointer, a value applies at once; by keyboard, where every arrow would change it, with "Show"
    let pointed = false;
    document.addEventListener("pointerdown", function () { pointed = true; }, true);
    document.addEventListener("keydown", function () { pointed = false; }, true);
    document.addEventListener("change", function (event) {
        const form = event.target.form;
        if (pointed && form && form.id === "filters" && event.target.tagName === "SELECT") {
            visit(address(form));
        }
    });

    let first = true;
    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        fairline: {
            arrived: function () {
                const page = document.getElementById("page");
                window.setTimeout(function () {
                    document.dispatchEvent(new CustomEvent("fairline-arrived"));
                    const heading = page.querySelector("h1");
                    const said = page.querySelector(".page");
                    document.documentElement.lang = (said && said.lang) || document.documentElement.lang;
                    document.title = heading ? heading.textContent + " · Fairline" : "Fairline";
                    // a page that has put the focus where its work begins keeps it there
                    if (!first && !page.contains(document.activeElement)) {
                        page.focus({preventScroll: true});
                    }
                    first = false;
                }, 0);
                return window.dash_clientside.no_update;
            },
            openInterval: function (click) {
                const points = (click && click.points) || [];
                if (points.length && points[0].customdata) {
                    visit(points[0].customdata);
                }
                return window.dash_clientside.no_update;
            }
        }
    });
})();
