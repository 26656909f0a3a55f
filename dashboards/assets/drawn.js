// What comes as text is drawn by the browser in one go, and its links lead from page to page without loading anew.
(function () {
    "use strict";

    window.dashboards = {
        Drawn: function (said) {
            const held = Object.assign({}, said.attributes, {dangerouslySetInnerHTML: {__html: said.html}});
            return window.React.createElement(said.tag, held);
        }
    };

    document.addEventListener("click", function (event) {
        const link = event.target.closest("a[data-within]");
        if (link && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)) {
            event.preventDefault();
            window.fairline.visit(link.getAttribute("href"));
        }
    });
})();
