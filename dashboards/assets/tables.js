// Tables in a browser: a head sorts its column, a field narrows the rows; what is sorted is told to eye and ear.
(function () {
    "use strict";

    function value(row, place) {
        const cell = row.cells[place];
        if (!cell) {
            return "";
        }
        const kept = cell.getAttribute("data-value");
        const words = kept === null ? cell.textContent.trim() : kept;
        return words !== "" && !Number.isNaN(Number(words)) ? Number(words) : words;
    }

    // numbers before words, nothing last, whichever way a column is sorted
    function rank(one) {
        return one === "" ? 2 : typeof one === "number" ? 0 : 1;
    }

    function compared(one, other, way) {
        if (rank(one) !== rank(other)) {
            return rank(one) - rank(other);
        }
        const found = typeof one === "number" ? one - other : one.localeCompare(other, undefined, {numeric: true});
        return way * found;
    }

    function sort(button) {
        const head = button.closest("th");
        const table = head.closest("table");
        const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        table.querySelectorAll("th[aria-sort]").forEach(function (one) { one.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
        const body = table.tBodies[0];
        const rows = Array.from(body.rows).map(function (row) { return [value(row, head.cellIndex), row]; });
        rows.sort(function (one, other) { return compared(one[0], other[0], way); });
        rows.forEach(function (pair) { body.appendChild(pair[1]); });
    }

    function narrow(field) {
        const framed = field.closest(".framed");
        const wanted = field.value.trim().toLocaleLowerCase();
        let shown = 0;
        const rows = Array.from(framed.querySelector("table").tBodies[0].rows);
        rows.forEach(function (row) {
            const fits = row.textContent.toLocaleLowerCase().includes(wanted);
            row.hidden = !fits;
            shown += fits ? 1 : 0;
        });
        framed.querySelector("[role=status]").textContent = wanted
            ? window.fairline.word("rows", {shown: shown, all: rows.length}) : "";
    }

    document.addEventListener("click", function (event) {
        const button = event.target.closest("button.sorts");
        if (button) {
            sort(button);
        }
    });
    document.addEventListener("input", function (event) {
        if (event.target.closest(".narrows")) {
            narrow(event.target);
        }
    });
})();
